import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import { humanBytes } from '../src/text/human-bytes.js';
import { duration } from '../src/text/relative-time.js';
import { fakeTerminal } from './fake-terminal.js';
import { runCtl, type Seen } from './run-ctl.js';
import { stubManager, type StubAnswer, type StubManager } from './stub-manager.js';

const now = Date.UTC(2026, 10, 23, 15);
const never = '0001-01-01T00:00:00Z';
/** Formats an instant in the time zone of this machine. */
const local = (time: string): string => new Date(time).toLocaleString('sv-SE');
const notFound: StubAnswer = { status: 404, body: '404 page not found' };

const debian = {
  name: 'debian',
  worker: 'w1',
  is_master: true,
  status: 'syncing',
  last_update: '2026-11-23T12:00:00Z',
  last_started: '2026-11-23T14:55:00Z',
  last_ended: '2026-11-23T12:00:00Z',
  next_schedule: never,
  upstream: 'rsync://example.org/debian/',
  size: '1.33T',
  error_msg: '',
};
const failed = {
  ...debian,
  worker: 'w2',
  status: 'failed',
  last_update: never,
  next_schedule: '2026-11-23T15:30:00Z',
  size: 'unknown',
  error_msg: 'exit status 3\n\u001b[31mno route',
  consecutive_failures: 4,
};
const runs = [
  {
    id: '2',
    name: 'debian',
    worker: 'w1',
    started: '2026-11-23T13:00:00Z',
    ended: '2026-11-23T14:05:12Z',
    result: 'failed',
    reason: 'exit-code',
    attempts: 2,
    exit_code: 3,
    error_msg: 'exit status 3',
    size: 'unknown',
    log_file: '/l/2',
  },
  {
    id: '1',
    name: 'debian',
    worker: 'w1',
    started: '2026-11-22T13:00:00Z',
    ended: '2026-11-22T13:00:41Z',
    result: 'success',
    reason: 'ok',
    attempts: 1,
    exit_code: 0,
    error_msg: '',
    bytes_transferred: 1610612736,
    size: '1.33T',
    log_file: '/l/1',
  },
];

let manager: StubManager;
let answers: Record<string, StubAnswer>;

beforeEach(async () => {
  answers = {
    '/workers': { body: [{ id: 'w1' }, { id: 'w2' }] },
    '/workers/w1/jobs': { body: [debian, { ...debian, name: 'pypi', status: 'success' }] },
    '/workers/w2/jobs': { body: [failed] },
  };
  manager = await stubManager(({ path }) => answers[path] ?? notFound);
});
afterEach(async () => {
  await manager[Symbol.asyncDispose]();
});

const ctl = (...argv: string[]): Promise<Seen> =>
  runCtl([...argv, '-p', String(manager.port)], { clock: new FakeClock(now) });

describe('status', () => {
  const newer = (): void => {
    answers['/jobs/debian'] = { body: [debian, failed] };
    answers['/workers/w1/progress'] = {
      body: {
        progress: [
          { name: 'pypi', percent: 1 },
          { name: 'debian', percent: 42.4, bytes: 1610612736, files: 10, rate: 36700160, eta: 185 },
        ],
      },
    };
    answers['/workers/w1/heartbeat'] = { body: { received: '2026-11-23T14:59:40Z' } };
    answers['/workers/w2/progress'] = { body: { progress: [] } };
    const wait = { for: 'upstream', detail: 'example.org', until: Date.UTC(2026, 10, 23, 15, 10) / 1000 };
    answers['/workers/w2/heartbeat'] = {
      body: { received: '2026-11-23T14:50:00Z', waits: { debian: wait } },
    };
  };

  test('status shows everything at all workers', async () => {
    newer();
    expect(await ctl('status', 'debian')).toEqual({
      exit: 0,
      stderr: '',
      stdout: [
        'debian on w1: syncing',
        '  progress      42 %, 1.5 GiB received, 10 files, 35.0 MiB/s, about 3m 5s left',
        `  started       5m ago (${local('2026-11-23T14:55:00Z')})`,
        `  last end      3h ago (${local('2026-11-23T12:00:00Z')})`,
        `  last success  3h ago (${local('2026-11-23T12:00:00Z')})`,
        '  next          -',
        '  size          1.33T',
        '  upstream      rsync://example.org/debian/',
        '  worker        w1, last heartbeat 20s ago',
        '',
        'debian on w2: failed',
        `  waits         for other syncs from its upstream: example.org, until ${local('2026-11-23T15:10:00Z')} (in 10m)`,
        `  last start    5m ago (${local('2026-11-23T14:55:00Z')})`,
        `  last end      3h ago (${local('2026-11-23T12:00:00Z')})`,
        '  last success  never',
        `  next          in 30m (${local('2026-11-23T15:30:00Z')})`,
        '  size          unknown',
        '  upstream      rsync://example.org/debian/',
        '  failures      4 in a row',
        '  error         exit status 3 �[31mno route',
        '  worker        w2, last heartbeat 10m ago',
        '',
      ].join('\n'),
    });
  });

  test('status --json prints the fields of the list, and progress, wait and heard', async () => {
    newer();
    const { stdout } = await ctl('status', 'debian', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { ...debian, progress: { percent: 42.4, eta: 185 }, heard: '2026-11-23T14:59:40Z' },
      { ...failed, wait: { for: 'upstream', detail: 'example.org' } },
    ]);
  });

  test('status says that a manager of v0.10 reports less', async () => {
    const { exit, stdout } = await ctl('status', 'pypi');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^pypi on w1: success\n {2}last start {4}5m ago/);
    expect(stdout).toMatch(
      /\n\nThis manager does not report progress, reasons for waiting or heartbeats\.\n$/,
    );
    expect(stdout).not.toContain('heard');
  });

  test('status does not mention a worker without heartbeats at a newer manager', async () => {
    newer();
    delete answers['/workers/w1/heartbeat'];
    const { stdout } = await ctl('status', 'debian');
    expect(stdout).not.toContain('This manager');
    expect(stdout).not.toContain('w1, heard');
  });

  test.each([
    ['debain', 'no mirror `debain`; did you mean `debian`?\n'],
    ['PyPI', 'no mirror `PyPI`; did you mean `pypi`?\n'],
    ['archlinux', 'no mirror `archlinux`\n'],
    ['a\u001b[2J', 'no mirror `a�[2J`\n'],
  ])('%j is reported as unknown', async (name, stderr) => {
    expect(await ctl('status', name)).toEqual({ exit: 1, stdout: '', stderr });
  });

  test('a failing manager prints one line', async () => {
    newer();
    answers['/workers/w2/heartbeat'] = { status: 500, body: { error: 'broken' } };
    expect(await ctl('status', 'debian')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'Failed to get the status of debian: HTTP status code is not 200: {"error":"broken"}\n',
    });
  });
});

describe('history', () => {
  test('history prints a table, newest first', async () => {
    answers['/jobs/debian/history?limit=2'] = { body: runs };
    expect(await ctl('history', 'debian', '-n', '2')).toEqual({
      exit: 0,
      stderr: '',
      stdout: [
        'ENDED                RESULT    TOOK  ATTEMPTS  RECEIVED   SIZE  WORKER  WHY',
        `${local('2026-11-23T14:05:12Z')}  failed   1h 5m         2         -      -  w1      exit status 3`,
        `${local('2026-11-22T13:00:41Z')}  success    41s         1   1.5 GiB  1.33T  w1`,
        '',
      ].join('\n'),
    });
  });

  test("history --json prints the manager's answer", async () => {
    answers['/jobs/debian/history'] = { body: runs };
    expect(JSON.parse((await ctl('history', 'debian', '--json')).stdout)).toEqual(runs);
    answers['/jobs/debian/history'] = { body: [] };
    expect((await ctl('history', 'debian', '--json')).stdout).toBe('[]\n');
    expect((await ctl('history', 'debian')).stdout).toBe('no finished sync of debian\n');
  });

  test('history distinguishes a manager without history from an unknown mirror', async () => {
    expect(await ctl('history', 'debian')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'this manager does not keep a history of syncs\n',
    });
    expect((await ctl('history', 'debain')).stderr).toBe('no mirror `debain`; did you mean `debian`?\n');
  });

  test.each(['0', '1001', 'x', '1.5'])('-n %s is refused', async (count) => {
    const { exit, stderr } = await ctl('history', 'debian', '-n', count);
    expect(exit).toBe(1);
    expect(stderr).toContain(`argument '${count}' is invalid. expected a number from 1 to 1000`);
    expect(manager.seen).toEqual([]);
  });
});

describe('stale', () => {
  const names = (seen: Seen): string[] =>
    seen.stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ +/).slice(0, 2).join(' on '));

  test('stale lists mirrors that the manager calls stale, old ones, and those without any success', async () => {
    answers['/workers/w1/jobs'] = {
      body: [
        { ...debian, name: 'fresh' },
        { ...debian, name: 'told', stale: true },
        { ...debian, name: 'old', last_update: '2026-11-10T12:00:00Z' },
        { ...debian, name: 'off', status: 'disabled', last_update: never },
      ],
    };
    expect(names(await ctl('stale'))).toEqual(['debian on w2', 'old on w1', 'told on w1']);
    expect(names(await ctl('stale', '--older-than', '2h'))).toEqual([
      'debian on w2',
      'fresh on w1',
      'old on w1',
      'told on w1',
    ]);
    const json = JSON.parse((await ctl('stale', '--json', '--older-than', '3w')).stdout) as {
      name: string;
    }[];
    expect(json.map(({ name }) => name)).toEqual(['told', 'debian']);
  });

  test('stale reports an empty result, as [] for programs', async () => {
    answers['/workers/w2/jobs'] = { body: [] };
    expect((await ctl('stale')).stdout).toBe('no mirror is stale\n');
    expect((await ctl('stale', '--json')).stdout).toBe('[]\n');
  });

  test('a duration without a unit is refused', async () => {
    expect((await ctl('stale', '--older-than', '3')).stderr).toContain(
      'expected a time such as 90m, 36h, 3d or 2w',
    );
  });
});

describe('flush --stale-only', () => {
  const disabled = { ...debian, name: 'off', status: 'disabled' };
  const flushes = (): number => manager.seen.filter(({ method }) => method === 'DELETE').length;

  beforeEach(() => {
    answers['/jobs/disabled'] = { body: { message: 'flushed' } };
    answers['/workers/w2/jobs'] = { body: [] };
  });

  test('flush drops disabled mirrors when all are stale', async () => {
    answers['/workers/w1/jobs'] = {
      body: [
        { ...disabled, last_update: '2026-11-10T12:00:00Z' },
        { ...disabled, name: 'told', stale: true },
        { ...debian, last_update: never },
      ],
    };
    expect(await ctl('flush', '--stale-only')).toEqual({
      exit: 0,
      stdout: 'Successfully flushed disabled jobs\n',
      stderr: '',
    });
    expect(flushes()).toBe(1);
  });

  test('flush drops nothing when one is not stale: a manager drops all or none', async () => {
    answers['/workers/w1/jobs'] = {
      body: [disabled, { ...disabled, name: 'old', last_update: '2026-11-10T12:00:00Z' }],
    };
    expect(await ctl('flush', '--stale-only')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'nothing was flushed: disabled but not stale: off on w1\n',
    });
    expect((await ctl('flush', '--stale-only', '--json')).exit).toBe(1);
    expect(flushes()).toBe(0);
  });

  test('flush does nothing without a disabled mirror', async () => {
    answers['/workers/w1/jobs'] = { body: [debian] };
    expect((await ctl('flush', '--stale-only')).stdout).toBe('no mirror is disabled: nothing was flushed\n');
    expect(JSON.parse((await ctl('flush', '--stale-only', '--json')).stdout)).toEqual({
      message: 'no mirror is disabled: nothing was flushed',
    });
    expect(flushes()).toBe(0);
  });
});

describe('workers', () => {
  const seenAt = '2026-11-23T14:59:30Z';
  const counts = { none: 0, failed: 1, success: 2, syncing: 0, 'pre-syncing': 0, paused: 0, disabled: 0 };
  const times = { last_online: seenAt, last_register: seenAt };
  const onTerminal = async (colors = false): Promise<string[]> => {
    const { stdout } = await runCtl(['workers', '-p', String(manager.port)], {
      clock: new FakeClock(now),
      terminal: fakeTerminal(120, 24, colors),
    });
    return stdout.split('\n');
  };

  test('workers prints a table on a terminal, with the reported facts', async () => {
    answers['/api/workers'] = {
      body: [
        {
          id: 'w1',
          url: 'https://w1:6000/',
          state: 'online',
          ...times,
          version: '1.0.0',
          slots: 4,
          running: 1,
          filesystems: [
            { path: '/', total: 2 ** 40, free: 2 ** 39 },
            // a file system such as autofs reports no size
            { path: '/net', total: 0, free: 0 },
            { path: '/srv', total: 2 ** 40, free: 2 ** 30 },
          ],
          counts,
        },
        { id: 'w2', url: 'https://w2:6000/', state: 'lost', ...times, counts },
      ],
    };
    expect(await onTerminal()).toEqual([
      'WORKER  STATE   LAST HEARD  VERSION  SLOTS  MIRRORS  LEAST FREE                  URL',
      'w1      online  30s ago     1.0.0      1/4        3  1.0 GiB of 1.0 TiB on /srv  https://w1:6000/',
      'w2      lost    30s ago                           3                              https://w2:6000/',
      '',
    ]);
    expect((await onTerminal(true))[2]).toContain('\u001b[31mlost\u001b[0m');
  });

  test('workers of a manager of v0.10 are listed without facts', async () => {
    answers['/workers'] = { body: [{ id: 'w1', url: 'https://w1:6000/', ...times, last_online: never }] };
    expect(await onTerminal()).toEqual([
      'WORKER  LAST HEARD  URL',
      'w1      never       https://w1:6000/',
      '',
    ]);
  });
});

describe('numbers for people', () => {
  test.each([
    [0, '0s'],
    [59.6, '1m'],
    [312, '5m 12s'],
    [7500, '2h 5m'],
    [86_400, '1d'],
    [100 * 3600, '4d 4h'],
  ])('%d s are shown as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1024 * 1024 - 1, '1.0 MiB'],
    [1.5 * 2 ** 40, '1.5 TiB'],
    [5000 * 2 ** 50, '5000.0 PiB'],
  ])('%d bytes are shown as %s', (bytes, text) => {
    expect(humanBytes(bytes)).toBe(text);
  });
});
