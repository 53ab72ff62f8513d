import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import type { RunOptions } from '../src/index.js';
import { fakeTerminal } from './fake-terminal.js';
import { runCtl } from './run-ctl.js';
import { stubManager, type StubManager } from './stub-manager.js';

const never = '0001-01-01T00:00:00Z';
const job = (name: string, worker: string, fields: Record<string, unknown> = {}) => ({
  name,
  worker,
  is_master: true,
  status: 'success',
  last_update: '2026-11-23T12:00:00Z',
  last_started: '2026-11-23T11:00:00Z',
  last_ended: '2026-11-23T12:00:00Z',
  next_schedule: '2026-11-23T15:20:00Z',
  upstream: `rsync://example.org/${name}/`,
  size: '1.33T',
  error_msg: '',
  ...fields,
});

/** Answers for two workers: one with a failed mirror, one with a running mirror. */
function twoWorkers(): Promise<StubManager> {
  return stubManager(({ path }) => {
    if (path === '/workers') return { body: [{ id: 'w2' }, { id: 'w1' }, { id: 'gone' }] };
    if (path === '/workers/w1/jobs') {
      const failed = { status: 'failed', last_update: never, size: 'unknown', error_msg: 'exit status 3\nx' };
      return { body: [job('pypi', 'w1', failed), job('debian', 'w1')] };
    }
    if (path === '/workers/w2/jobs') {
      return { body: [job('debian', 'w2', { status: 'syncing', next_schedule: never, size: '2G' })] };
    }
    return { status: 400, body: { error: 'invalid workerID gone' } };
  });
}

const terminal = (columns: number, colors = false): Partial<RunOptions> => ({
  terminal: fakeTerminal(columns, 24, colors),
  clock: new FakeClock(Date.UTC(2026, 10, 23, 15)),
});

describe('list on a terminal', () => {
  test('list without a worker shows all on a terminal, and elsewhere fails as scripts expect', async () => {
    await using manager = await twoWorkers();
    const port = String(manager.port);
    const all = await runCtl(['list', '-a', '-p', port], terminal(100));
    expect(all.stdout).toContain('pypi');
    expect(await runCtl(['list', '-p', port], terminal(100))).toEqual(all);
    expect((await runCtl(['list', '-p', port])).stderr).toBe(
      'tunasynctl: list needs at least one worker, or --all\n',
    );
  });

  test('list shows all workers with errors, without a worker that was just removed', async () => {
    await using manager = await twoWorkers();
    const seen = await runCtl(['list', '-a', '-p', String(manager.port)], terminal(100));
    expect(seen).toEqual({
      exit: 0,
      stderr: '',
      stdout: [
        'MIRROR  WORKER  STATUS   LAST SUCCESS  NEXT     SIZE  UPSTREAM OR ERROR',
        'debian  w1      success  3h ago        in 20m  1.33T  rsync://example.org/debian/',
        'debian  w2      syncing  3h ago        -          2G  rsync://example.org/debian/',
        'pypi    w1      failed   never         in 20m      -  exit status 3 x',
        '',
      ].join('\n'),
    });
  });

  test('a template prints no control characters of names to a terminal, but those of the template itself', async () => {
    const name = 'd\u001b]0;owned\u0007\u009b2J\u202e';
    await using manager = await stubManager(() => ({ body: [job(name, 'w1')] }));
    const argv = ['list', '-a', '-p', String(manager.port), '--format', '\u001b[1m{{.Name}}'];
    expect((await runCtl(argv, terminal(80))).stdout).toBe('\u001b[1md�]0;owned��2J�\n');
    expect((await runCtl(argv)).stdout).toBe(`\u001b[1m${name}\n`);
  });

  test("an error message prints no control characters of a server's answer", async () => {
    const body = '<html>\u001b]0;owned\u0007\n\tout of order\u009b2J\u202e</html>';
    await using manager = await stubManager(() => ({ status: 502, body }));
    for (const flags of [['--debug'], []]) {
      const { exit, stderr } = await runCtl([
        'list',
        'w1',
        '--verbose',
        '-p',
        String(manager.port),
        ...flags,
      ]);
      expect(exit).toBe(1);
      // eslint-disable-next-line no-control-regex -- they are what it is about
      expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    const { stderr } = await runCtl(['list', '-a', '-p', String(manager.port)]);
    expect(stderr).toContain('HTTP status code is not 200: <html>�]0;owned� out of order�2J�</html>\n');
  });

  test('list fits the terminal, and uses colours where wanted', async () => {
    await using manager = await twoWorkers();
    const argv = ['list', 'w1', '-s', 'failed', '-p', String(manager.port)];
    const { stdout } = await runCtl(argv, terminal(60, true));
    expect(stdout.split('\n')[1]).toBe(
      'pypi    w1      \u001b[31mfailed\u001b[0m  never         in 20m     -  \u001b[31mexit st…\u001b[0m',
    );
  });

  test('--json and --format json print JSON as into a pipe, and --format table prints a table into a pipe', async () => {
    await using manager = await twoWorkers();
    const argv = ['list', 'w1', '-p', String(manager.port)];
    const piped = await runCtl(argv);
    expect((JSON.parse(piped.stdout) as unknown[])[1]).toEqual(job('debian', 'w1'));
    expect(await runCtl([...argv, '--json'], terminal(80))).toEqual(piped);
    expect(await runCtl([...argv, '--format', 'json'], terminal(80))).toEqual(piped);
    expect(await runCtl([...argv, '--format', '{{.Name}}'], terminal(80))).toMatchObject({
      stdout: 'pypi\ndebian\n',
    });
    expect((await runCtl([...argv, '-f', 'table'])).stdout).toMatch(/^MIRROR .*\ndebian .*\npypi .*\n$/);
  });

  test('an unreachable manager causes the same error as without a terminal', async () => {
    await using manager = await stubManager(() => ({ status: 500, body: { error: 'no' } }));
    expect(await runCtl(['list', '-a', '-p', String(manager.port)], terminal(80))).toEqual({
      exit: 1,
      stdout: '',
      stderr:
        'Failed to correctly get information of all jobs from manager server: HTTP status code is not 200: {"error":"no"}\n',
    });
  });

  test('--json with another --format is refused', async () => {
    expect(await runCtl(['list', '-a', '--json', '--format', 'table'])).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'tunasynctl: --json and --format cannot be used together\n',
    });
  });
});

describe('--json', () => {
  test.each([
    [['reload', '-w', 'w1'], 'Successfully send the command'],
    [['flush'], 'Successfully flushed disabled jobs'],
    [['rm-worker', '-w', 'w1'], 'Successfully removed the worker'],
  ])('%j confirms with an object', async (argv, message) => {
    await using manager = await stubManager(() => ({ body: { message: 'done' } }));
    const { exit, stdout } = await runCtl([...argv, '--json', '-p', String(manager.port)]);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { message }]);
  });
});
