import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { LogFile } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { commandPath, runCommand, startCommand } from '../src/run-process.js';
import { makeSite, workerId, type Site } from '../src/site.js';

/** A mirror whose sync writes numbered lines, at the end one without an end, until `<folder>/<name>` is there. */
const counting = (site: Site, name: string): string => {
  const until = join(site.folder, name);
  const script = `i=0; while ! [ -e ${until} ]; do i=$((i + 1)); echo "line $i"; sleep 0.01; done; printf 'error: broken'; exit 3`;
  return `[[mirrors]]\nname = "busy"\nprovider = "command"\ncommand = ${JSON.stringify(`sh -c ${JSON.stringify(script)}`)}\nretry = 1\ninterval = 600\n`;
};

/** What is in the logs of a mirror, oldest first, each with its last line ended. */
async function logTexts(site: Site): Promise<string[]> {
  const folder = join(site.folder, 'log/busy');
  const names = (await readdir(folder)).filter((name) => /^busy_.*\.log/.test(name)).sort(byAge);
  return Promise.all(names.map(async (name) => `${await readFile(join(folder, name), 'utf8')}\n`));
}

/** `…_14_58.log` is older than `…_14_58_2.log`. */
function byAge(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => name.replace(/\.log(\.fail)?$/, '')) as [string, string];
  return x < y ? -1 : 1;
}

describe('tunasynctl logs, with the daemons', () => {
  test('follows through a restart of the manager and of the worker, into the next log: nothing is lost or doubled', async () => {
    await using site = await makeSite({ mirrors: '' });
    await site.setMirrors(counting(site, 'first'));
    const manager = await site.startManager();
    const worker = await site.startWorker();
    await site.waitForStatus('busy', ({ status }) => status === 'syncing');
    const at = ['-m', '127.0.0.1', '-p', String(site.managers[0].port)];
    await using following = startCommand('tunasynctl', ['logs', 'busy', '-f', '-n', 'all', ...at], {
      HOME: site.folder,
    });
    const sees = (text: string): Promise<boolean> =>
      waitFor(`${text} (${following.stderr()})`, () => following.stdout().includes(text));
    await sees('line 20\n');
    await manager.stop();
    await waitFor('the loss', () => following.stderr().includes('retrying'));
    await site.startManager();
    await waitFor('the recovery', () => following.stderr().includes('reconnected'));
    const before = following.stdout().length;
    await waitFor('more lines', () => following.stdout().length > before + 100);
    await writeFile(join(site.folder, 'first'), '');
    await site.waitForStatus('busy', ({ status }) => status === 'failed');
    await worker.stop();
    await site.setMirrors(counting(site, 'second'));
    await site.startWorker();
    await site.command('start', 'busy');
    const [first = ''] = await logTexts(site);
    await waitFor('the next log', () => following.stdout().length > first.length + 100);
    await writeFile(join(site.folder, 'second'), '');
    await site.waitForStatus('busy', ({ status }) => status === 'failed');
    const texts = await logTexts(site);
    // a line without its end comes when the next log begins
    const whole = texts.join('').replace(/error: broken\n$/, '');
    await waitFor('the end', () => following.stdout().length >= whole.length);
    expect(following.stdout()).toBe(whole);
    expect(whole).toContain('\nerror: broken\nline 1\n');
    expect(following.stderr().match(/==> .* <==/g)).toHaveLength(texts.length);
    following.kill('SIGINT');
    expect((await following.ended).signal).toBe('SIGINT');
  });
});

describe('tunasynctl logs of runs that are over', () => {
  test('prints, lists and searches them; a reader that goes away is no failure', async () => {
    await using site = await makeSite({
      mirrors:
        '[[mirrors]]\nname = "numbers"\nprovider = "command"\ncommand = "seq 200000"\ninterval = 600\n[[mirrors]]\nname = "broken"\nprovider = "command"\ncommand = "sh -c \'echo No Route to host; exit 3\'"\nretry = 1\n',
    });
    await site.startManager();
    await site.startWorker();
    await site.waitForStatus('numbers', ({ status }) => status === 'success');
    await site.waitForStatus('broken', ({ status }) => status === 'failed');
    const whole = await site.latestLog('numbers');
    expect((await site.ctl('logs', 'numbers')).stdout).toBe(whole);
    expect((await site.ctl('logs', 'numbers', '-n', '2')).stdout).toBe('199999\n200000\n');
    const many = await site.ctl('logs', 'numbers', '-n', '190000', '-w', workerId);
    expect(many.stdout).toBe(whole.slice(whole.indexOf('\n10001\n') + 1));
    const { stdout } = await site.ctl('logs', 'broken', '--list', '--json');
    const logs = JSON.parse(stdout) as LogFile[];
    expect(logs).toMatchObject([{ failed: true, size: 17 }]);
    expect(await site.ctl('logs', 'broken', '--search', 'no route')).toMatchObject({
      code: 0,
      stdout: 'No Route to host\n',
    });
    expect(await site.ctl('logs', 'brokn')).toMatchObject({
      code: 1,
      stderr: 'no mirror `brokn`; did you mean `broken`?\n',
    });
    const ctl = `${commandPath('tunasynctl')} logs numbers -m 127.0.0.1 -p ${site.managers[0].port}`;
    const piped = await runCommand('/bin/bash', ['-c', `${ctl} | head -n 1; echo \${PIPESTATUS[0]}`], {
      HOME: site.folder,
    });
    expect([piped.stdout, piped.stderr]).toEqual(['1\n0\n', '']);
  });
});
