import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir, waitFor, type TempDir } from '@tunasync/test-utils';
import type { HostHandle } from '../src/host/host-handle.js';
import { hostExecutor, type CommandSpec, type HostExecutorOptions } from '../src/index.js';

function setUp(folder: TempDir, options: Partial<HostExecutorOptions> = {}) {
  const stateDir = join(folder.path, 'state');
  const warnings: string[] = [];
  const executor = hostExecutor({
    stateDir,
    env: { PATH: process.env['PATH'] },
    logger: { warn: (message) => void warnings.push(message) },
    ...options,
  });
  const logFile = join(folder.path, 'run.log');
  const start = (argv: CommandSpec['argv'], more: Partial<CommandSpec> = {}, id = 'debian-1') =>
    executor.start({ argv, cwd: folder.path, env: {}, logFile, ...more }, { mirror: 'debian', id });
  return { executor, start, stateDir, logFile, warnings, log: () => readFile(logFile, 'utf8') };
}

describe('start', () => {
  test('gives the base environment, the spec wins over it, and nothing else of this process is handed over', async () => {
    await using folder = await tempDir();
    const env = { PATH: process.env['PATH'], RSYNC_PROXY: 'base', HOME: '/base', NOT_SET: undefined };
    const { start, log } = setUp(folder, { env });
    process.env['EXECUTOR_TEST_LEAK'] = 'leaked';
    await (
      await start(['env'], { env: { HOME: '/spec' } })
    ).exit;
    const lines = (await log()).split('\n');
    expect(lines).toContain('RSYNC_PROXY=base');
    expect(lines).toContain('HOME=/spec');
    expect(lines.filter((line) => /^(NOT_SET|EXECUTOR_TEST_LEAK|HOME=\/base)/.test(line))).toEqual([]);
  });

  test('defect 15: values of the environment are on no command line', async () => {
    await using folder = await tempDir();
    const { start } = setUp(folder);
    const execution = await start(['sh', '-c', ': > ready; sleep 60; :'], {
      env: { RSYNC_PASSWORD: 'hunter2-secret' },
    });
    await waitFor('the command', () => stat(join(folder.path, 'ready')));
    const { pid } = execution.handle as HostHandle;
    const lines: string[] = [];
    for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
      const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      if (text.slice(text.lastIndexOf(')')).split(' ')[3] !== String(pid)) continue;
      lines.push(await readFile(`/proc/${name}/cmdline`, 'utf8'));
    }
    await execution.terminate();
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.join('\n')).toContain('sleep');
    expect(lines.filter((line) => line.includes('hunter2'))).toEqual([]);
  });

  test('the command runs in a session of its own and cannot reach the exit record', async () => {
    await using folder = await tempDir();
    const { start, log, stateDir } = setUp(folder);
    const execution = await start([
      'sh',
      '-c',
      'read -r line < /proc/self/stat; echo "$line"; ls -l /proc/$$/fd',
    ]);
    await execution.exit;
    const { pid } = execution.handle as HostHandle;
    const text = await log();
    // fields 5 and 6: process group and session
    expect(text.slice(text.indexOf(')')).split(' ').slice(3, 5)).toEqual([String(pid), String(pid)]);
    expect(text).toMatch(/ 0 -> \/dev\/null\n/);
    expect(text.match(/ [12] -> .*run\.log/g)).toHaveLength(2);
    expect(text).not.toContain(stateDir);
  });

  test('the exit record is readable for its owner only', async () => {
    await using folder = await tempDir();
    const { start, stateDir } = setUp(folder);
    await (
      await start(['true'])
    ).exit;
    expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(stateDir, 'debian-1.exit'))).mode & 0o777).toBe(0o600);
  });

  test('a file that may not be executed gives 126 and the reason in the log', async () => {
    await using folder = await tempDir();
    const { start, log } = setUp(folder);
    const script = join(folder.path, 'sync.sh');
    await writeFile(script, '#!/bin/sh\nexit 0\n', { mode: 0o644 });
    const exit = await (await start([script])).exit;
    expect(exit).toEqual({ code: 126, signal: null });
    expect(await log()).toMatch(/sync\.sh: .*Permission denied/);
  });

  test.each<[string, Partial<CommandSpec>, string, string]>([
    ['an empty name', { argv: [''] }, 'x', 'cannot start a command with an empty name'],
    [
      'a name like an option',
      { argv: ['-c'] },
      'x',
      "cannot start '-c': the name of a program should not begin with '-'",
    ],
    ['NUL in the name', { argv: ['a\0b'] }, 'x', 'cannot start a command with a NUL character in its name'],
    [
      'NUL in an argument',
      { argv: ['rsync', '-a', 'x\0y'] },
      'x',
      'cannot start rsync: argument 2 holds a NUL character',
    ],
    [
      'NUL in a value, which is not shown',
      { env: { RSYNC_PASSWORD: 'hunter2\0' } },
      'x',
      'cannot start true: the environment variable RSYNC_PASSWORD holds a NUL character',
    ],
    [
      'a name with =',
      { env: { 'A=B': 'hunter2' } },
      'x',
      "cannot start true: 'A=B' is not the name of an environment variable",
    ],
    ['an id that leaves the folder', {}, '../x', "cannot start a command as '../x': that is not a file name"],
  ])('refuses %s', async (_, more, id, message) => {
    await using folder = await tempDir();
    const { start } = setUp(folder);
    await expect(start(['true'], more, id)).rejects.toMatchObject({ code: 'EXECUTOR_START_FAILED', message });
  });

  test('says which working folder cannot be made', async () => {
    await using folder = await tempDir();
    const { start, stateDir } = setUp(folder);
    await writeFile(join(folder.path, 'file'), '');
    const cwd = join(folder.path, 'file', 'below');
    await expect(start(['true'], { cwd })).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: expect.stringContaining(cwd),
    });
    // nothing is kept of a command that never ran
    expect(await readdir(stateDir)).toEqual([]);
  });

  test('says that there is no shell', async () => {
    await using folder = await tempDir();
    const { start } = setUp(folder, { shell: '/no/such/sh' });
    await expect(start(['rsync'])).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: expect.stringMatching(/^cannot start rsync: .*spawn \/no\/such\/sh ENOENT$/),
    });
  });

  test('says that a command line is too long', async () => {
    await using folder = await tempDir();
    const { start } = setUp(folder);
    await expect(start(['true', 'x'.repeat(1 << 21)])).rejects.toMatchObject({
      code: 'EXECUTOR_START_FAILED',
      message: expect.stringMatching(/^cannot start true in .*: .*spawn E2BIG$/),
    });
  });

  test('warns of variables that the shell may drop', async () => {
    await using folder = await tempDir();
    const { start, warnings } = setUp(folder);
    await (
      await start(['true'], { env: { 'my-option': 'secret', FINE_1: 'x' } })
    ).exit;
    expect(warnings).toEqual([
      'debian: the shell may keep environment variables of such names from the command: my-option',
    ]);
  });
});

describe('when the state folder cannot be written', () => {
  test('a command runs and its result is right while the worker lives', async () => {
    await using folder = await tempDir();
    const { executor, start, stateDir, warnings } = setUp(folder);
    await writeFile(stateDir, 'a file where the folder should be');
    expect(await (await start(['sh', '-c', 'exit 23'])).exit).toEqual({ code: 23, signal: null });
    const killed = await start(['sh', '-c', 'kill -KILL $$']);
    expect(await killed.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^a crash may lose the exit code of this command: .*ENOTDIR/);
    expect(await executor.attach(killed.handle)).toBeUndefined();
  });

  test('on a full disk too', async () => {
    await using folder = await tempDir();
    const { start, stateDir } = setUp(folder);
    // every write to it fails with ENOSPC
    await mkdir(stateDir);
    await symlink('/dev/full', join(stateDir, 'debian-1.exit'));
    expect(await (await start(['sh', '-c', 'exit 23'])).exit).toEqual({ code: 23, signal: null });
    expect(await (await start(['sh', '-c', 'kill -KILL $$'])).exit).toEqual({
      code: null,
      signal: 'SIGKILL',
    });
  });
});

describe('attach', () => {
  test.each<[string, Partial<HostHandle>]>([
    ['another boot', { bootId: '00000000-0000-0000-0000-000000000000' }],
    ['a pid that another process has now', { startTime: 1 }],
    ['no start time', { startTime: null }],
  ])('%s: not taken for the command, and not ended', async (_, change) => {
    await using folder = await tempDir();
    const { executor, start } = setUp(folder);
    const execution = await start(['sleep', '60']);
    const handle = { ...(execution.handle as HostHandle), marker: 'another', ...change };
    expect(await executor.attach(handle)).toBeUndefined();
    await execution.terminate();
    expect(await execution.exit).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('another boot: a result that was recorded is known', async () => {
    await using folder = await tempDir();
    const { executor, start } = setUp(folder);
    const execution = await start(['sh', '-c', 'exit 24']);
    await execution.exit;
    const again = await executor.attach({ ...execution.handle, bootId: 'another' });
    await again?.terminate();
    expect(await again?.exit).toEqual({ code: 24, signal: null });
  });

  test.each([{}, { pid: 'x' }, { pid: -1 }, { exitFile: 5 }])(
    'a damaged handle %j is unknown',
    async (damage) => {
      await using folder = await tempDir();
      const { executor, start } = setUp(folder);
      const { handle, exit } = await start(['true']);
      await exit;
      const damaged = Object.keys(damage).length === 0 ? { executor: 'host' } : { ...handle, ...damage };
      expect(await executor.attach(damaged)).toBeUndefined();
      await executor.cleanup(damaged);
    },
  );
});

describe('terminate', () => {
  test('is not lost on a command that is only about to begin', async () => {
    await using folder = await tempDir();
    // a shell that takes its time between the launcher's trap and its command, as on a busy machine
    const shell = join(folder.path, 'slow-sh');
    const wait = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done';
    await writeFile(shell, `#!/bin/sh\nshift\ntrap : TERM\n: > trapped\n${wait}\n(exec "$@")\n`);
    await chmod(shell, 0o755);
    const { start } = setUp(folder, { shell });
    const execution = await start(['sleep', '1000']);
    await waitFor('the trap', async () => (await readdir(folder.path)).includes('trapped'));
    // a lost SIGTERM would leave the command to SIGKILL
    await execution.terminate(20_000);
    expect(await execution.exit).toEqual({ code: null, signal: 'SIGTERM' });
  }, 30_000);
});
