import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { runCtl, type Seen } from './run-ctl.js';
import { stubManager, type StubAnswer, type StubManager } from './stub-manager.js';

interface Sent {
  cmd: string;
  mirror_id: string;
  worker_id: string;
  args: string[] | null;
  options: unknown;
}

const job = (name: string, worker: string, status = 'success') => ({ name, worker, status });
const ambiguous = (what: string): StubAnswer => ({ status: 400, body: { error: `${what}; give worker_id` } });

let manager: StubManager;
let jobs: Record<string, ReturnType<typeof job>[]>;
/** The refusals of commands; all other commands are accepted. */
let refusals: Record<string, StubAnswer>;

beforeEach(async () => {
  jobs = {
    w1: [
      job('debian', 'w1'),
      job('debian-security', 'w1', 'failed'),
      job('debian-old', 'w1', 'disabled'),
      job('pypi', 'w1', 'paused'),
    ],
    w2: [job('debian', 'w2')],
  };
  refusals = {};
  manager = await stubManager(({ path, body }) => {
    const [, , worker = ''] = path.split('/');
    if (path === '/workers') return { body: Object.keys(jobs).map((id) => ({ id })) };
    if (path !== '/cmd') {
      const known = jobs[worker];
      return known === undefined
        ? { status: 400, body: { error: `invalid workerID ${worker}` } }
        : { body: known };
    }
    const { mirror_id: mirror, worker_id: to } = JSON.parse(body) as Sent;
    return refusals[`${mirror}@${to}`] ?? { body: { message: `successfully send command to worker ${to}` } };
  });
});
afterEach(async () => {
  await manager[Symbol.asyncDispose]();
});

const ctl = (...argv: string[]): Promise<Seen> => runCtl([...argv, '-p', String(manager.port)]);
const sent = (): string[] =>
  manager.seen
    .filter(({ path }) => path === '/cmd')
    .map(({ body }) => JSON.parse(body) as Sent)
    .map(({ cmd, mirror_id: mirror, worker_id: worker }) => `${cmd} ${mirror}@${worker}`);

describe('globs and several names', () => {
  test('a glob matches all mirrors of the worker except disabled ones', async () => {
    expect(await ctl('stop', 'debian*', '-w', 'w1')).toEqual({
      exit: 0,
      stderr: '',
      stdout: [
        'debian-old on w1: skipped, it is disabled',
        'debian on w1: stop sent: successfully send command to worker w1',
        'debian-security on w1: stop sent: successfully send command to worker w1',
        '',
      ].join('\n'),
    });
    expect(sent().sort()).toEqual(['stop debian-security@w1', 'stop debian@w1']);
  });

  test('without -w the command goes to all workers, once per mirror', async () => {
    const { exit, stdout } = await ctl('restart', 'd*n', 'pypi', 'debian');
    expect([exit, stdout.split('\n').length]).toEqual([0, 4]);
    expect(sent().sort()).toEqual(['restart debian@w1', 'restart debian@w2', 'restart pypi@w1']);
  });

  test('a name matches the mirror in any state', async () => {
    await ctl('start', 'debian-old', 'pyp?', '--force', '-w', 'w1');
    expect(sent().sort()).toEqual(['start debian-old@w1', 'start pypi@w1']);
    expect(JSON.parse(manager.seen.at(-1)!.body)).toMatchObject({ options: { force: true }, args: null });
  });

  test('each command has its own answer, and one failure exits with 1', async () => {
    const refused = { status: 502, body: { error: "worker w2: Mirror ``debian'' not found" } };
    refusals['debian@w2'] = refused;
    expect(await ctl('disable', 'debian', 'pypi')).toEqual({
      exit: 1,
      stdout: [
        'debian on w1: disable sent: successfully send command to worker w1',
        "debian on w2: disable failed: worker w2: Mirror ``debian'' not found",
        'pypi on w1: disable sent: successfully send command to worker w1',
        '',
      ].join('\n'),
      stderr: '1 of 3 commands failed\n',
    });
    const { exit, stdout } = await ctl('disable', 'debian', 'pypi', '--json');
    expect([exit, JSON.parse(stdout)]).toEqual([
      1,
      [
        { mirror: 'debian', worker: 'w1', cmd: 'disable', ok: true, message: expect.any(String) },
        { mirror: 'debian', worker: 'w2', cmd: 'disable', ok: false, message: refused.body.error },
        { mirror: 'pypi', worker: 'w1', cmd: 'disable', ok: true, message: expect.any(String) },
      ],
    ]);
  });

  test('at most eight commands wait for an answer at a time', async () => {
    const count = 20;
    jobs = { w1: Array.from({ length: count }, (_, index) => job(`m${index}`, 'w1')) };
    const pending: ServerResponse[] = [];
    for (const { name } of jobs['w1'] ?? []) {
      refusals[`${name}@w1`] = { respond: (response) => void pending.push(response) };
    }
    const done = ctl('start', 'm*');
    let most = 0;
    for (let answered = 0; answered < count; answered += 1) {
      const expected = Math.min(8, count - answered);
      await waitFor('the commands', () => pending.length >= expected);
      most = Math.max(most, pending.length);
      pending.shift()?.end('{"message":"sent"}');
    }
    expect((await done).exit).toBe(0);
    expect(most).toBe(8);
  });

  test('commands are sent in the order of the list', async () => {
    jobs = { w1: Array.from({ length: 30 }, (_, index) => job(`m${index}`, 'w1')) };
    const { stdout } = await ctl('start', 'm*');
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      ...jobs['w1']!.map(({ name }) => name),
      '',
    ]);
    expect(sent()).toHaveLength(30);
  });

  test.each([
    [['stop', 'debian', 'ubunutu*'], 'no mirror matches `ubunutu*`\n'],
    [['stop', 'debian*', 'pypl', '-w', 'w1'], 'no mirror `pypl` on w1; did you mean `pypi`?\n'],
    [['stop', 'a', 'b', 'c'], 'no mirror `a`\n'],
    [
      ['stop', '*', '-w', 'w3'],
      'Failed to get the matching mirrors: HTTP status code is not 200: {"error":"invalid workerID w3"}\n',
    ],
  ])('%j sends nothing', async (argv, stderr) => {
    expect(await ctl(...argv)).toEqual({ exit: 1, stdout: '', stderr });
    expect(sent()).toEqual([]);
  });
});

describe('one name', () => {
  test('one name is sent without a request for the list', async () => {
    expect(await ctl('stop', 'new', '-w', 'w9')).toEqual({
      exit: 0,
      stdout: 'Successfully send the command\n',
      stderr: '',
    });
    expect(manager.seen.map(({ path }) => path)).toEqual(['/cmd']);
  });

  test('one name without -w is sent to all workers that have the mirror', async () => {
    refusals['debian@'] = ambiguous("several workers have a mirror 'debian': w1, w2");
    const { exit, stdout } = await ctl('stop', 'debian');
    expect([exit, stdout]).toEqual([
      0,
      'debian on w1: stop sent: successfully send command to worker w1\n' +
        'debian on w2: stop sent: successfully send command to worker w2\n',
    ]);
  });

  test('an unknown name without -w is refused with a similar name', async () => {
    refusals['debain@'] = ambiguous("no worker has a mirror 'debain'");
    expect(await ctl('start', 'debain')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'no mirror `debain`; did you mean `debian`?\n',
    });
  });

  test('a name that the worker refuses is reported in its words, with a similar name', async () => {
    refusals['debain@w1'] = { status: 502, body: { error: "worker w1: Mirror ``debain'' not found" } };
    const { exit, stderr } = await ctl('start', 'debain', '-w', 'w1');
    expect([exit, stderr]).toEqual([
      1,
      'Failed to correctly send command: HTTP status code is not 200: {"error":"worker w1: Mirror ``debain\'\' not found"}' +
        '; no mirror `debain` on w1; did you mean `debian`?\n',
    ]);
  });

  test("a refused name without a similar one is reported in the worker's words alone", async () => {
    refusals['zzz@w1'] = { status: 502, body: { error: "worker w1: Mirror ``zzz'' not found" } };
    expect((await ctl('start', 'zzz', '-w', 'w1')).stderr).toBe(
      'Failed to correctly send command: HTTP status code is not 200: {"error":"worker w1: Mirror ``zzz\'\' not found"}\n',
    );
  });

  test('--json prints a list of one', async () => {
    const message = 'successfully send command to worker w1';
    const record = { mirror: 'pypi', worker: 'w1', cmd: 'start', ok: true, message };
    for (const flags of [['-w', 'w1'], []]) {
      expect(JSON.parse((await ctl('start', 'pypi', '--json', ...flags)).stdout)).toEqual([record]);
    }
    refusals['pypi@w1'] = { status: 500, body: { error: 'no' } };
    const { exit, stdout, stderr } = await ctl('start', 'pypi', '--json', '-w', 'w1');
    expect([exit, JSON.parse(stdout)]).toEqual([1, [{ ...record, ok: false, message: 'no' }]]);
    expect(stderr).toBe('Failed to correctly send command: HTTP status code is not 200: {"error":"no"}\n');
  });
});

describe('a second word', () => {
  test('a second word that is the name of a mirror counts as a mirror', async () => {
    await ctl('stop', 'debian', 'pypi', '-w', 'w1');
    expect(sent().sort()).toEqual(['stop debian@w1', 'stop pypi@w1']);
  });

  test.each([['quick'], ['a,b']])(
    'a second word %s that is not a mirror is an argument, as in v0.10',
    async (word) => {
      expect(await ctl('start', 'debian', word, '-w', 'w1')).toMatchObject({
        exit: 0,
        stdout: 'Successfully send the command\n',
      });
      expect(JSON.parse(manager.seen.at(-1)!.body)).toMatchObject({
        mirror_id: 'debian',
        args: word.split(','),
      });
    },
  );

  test('a second word that is similar to a name is refused', async () => {
    expect(await ctl('stop', 'debian', 'pypl', '-w', 'w1')).toMatchObject({
      exit: 1,
      stderr: 'no mirror `pypl` on w1; did you mean `pypi`?\n',
    });
    expect(sent()).toEqual([]);
  });

  test('a second word is an argument when the worker is unknown, as the manager reports', async () => {
    refusals['debian@w9'] = { status: 400, body: { error: 'worker w9 is not registered yet' } };
    expect((await ctl('stop', 'debian', 'x', '-w', 'w9')).stderr).toContain(
      'worker w9 is not registered yet',
    );
  });
});

describe('enable', () => {
  test('enable sends start and confirms it', async () => {
    expect(await ctl('enable', 'debian-old')).toEqual({
      exit: 0,
      stdout: 'debian-old on w1: start sent: successfully send command to worker w1\n',
      stderr: '',
    });
    expect(await ctl('enable', 'debian-old', '-w', 'w1')).toMatchObject({ exit: 0 });
    expect(sent()).toEqual(['start debian-old@w1', 'start debian-old@w1']);
  });

  test('a glob for enable matches disabled and paused mirrors', async () => {
    const { stdout } = await ctl('enable', '*', '-w', 'w1');
    expect(sent().sort()).toEqual(['start debian-old@w1', 'start pypi@w1']);
    expect(stdout).toContain('debian on w1: skipped, it is success\n');
  });

  test('a glob for enable without such a mirror sends nothing', async () => {
    const { exit, stdout } = await ctl('enable', 'd*', '-w', 'w2');
    expect([exit, stdout]).toEqual([0, 'debian on w2: skipped, it is success\n']);
    expect(sent()).toEqual([]);
  });
});
