import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { reservePort, tempDir, waitFor } from '@tunasync/test-utils';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function quickStart(state: string, more: string[] = []): ReturnType<typeof startQuickStart> {
  const ports = [await reservePort(), await reservePort(), await reservePort()];
  return startQuickStart(state, ports, more);
}

function startQuickStart(
  state: string,
  [manager, worker, upstream]: number[],
  more: string[],
): Promise<{ url: string; stdout: () => string; interrupt: () => boolean; exit: Promise<number | null> }> {
  const flags = [`--state=${state}`, `--manager-port=${manager ?? 0}`, `--worker-port=${worker ?? 0}`];
  const child = spawn('npm', ['start', '--', ...flags, `--upstream-port=${upstream ?? 0}`, ...more], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    // a process group of its own, as a shell gives it, so that it can be interrupted as a terminal does
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  return Promise.resolve({
    url: `http://127.0.0.1:${manager ?? 0}`,
    stdout: () => stdout,
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    exit: new Promise((resolve) => child.once('close', resolve)),
  });
}

test('`npm start -- --once` syncs four mirrors byte for byte, shows the failing one, and ends; a second start goes on', async () => {
  await using temp = await tempDir();
  const first = await quickStart(temp.path, ['--once']);
  expect(await first.exit).toBe(0);
  expect(first.stdout()).toContain('The four good mirrors are in sync, byte for byte.');
  expect(first.stdout()).toMatch(/broken +failed/);
  const statuses = (): Promise<{ name: string; last_update_ts: number }[]> =>
    readFile(join(temp.path, 'tunasync.json'), 'utf8').then((text) => JSON.parse(text) as never);
  const before = await statuses();
  const second = await quickStart(temp.path, ['--once']);
  expect(await second.exit).toBe(0);
  const times = new Map((await statuses()).map(({ name, last_update_ts }) => [name, last_update_ts]));
  for (const { name, last_update_ts } of before)
    expect(times.get(name)).toBeGreaterThanOrEqual(last_update_ts);
});

test('`npm start` runs on until Ctrl-C, tells what to try, and leaves nothing running', async () => {
  await using temp = await tempDir();
  const running = await quickStart(temp.path);
  await waitFor('the hints', () => running.stdout().includes('tunasynctl list -a'));
  expect(running.stdout()).toContain(`${running.url}/jobs`);
  expect(running.stdout()).toContain(`${running.url}/ui/`);
  running.interrupt();
  await running.exit;
  expect(running.stdout()).toContain('stopped; state is kept in ');
  await expect(fetch(`${running.url}/ping`)).rejects.toThrow('fetch failed');
});
