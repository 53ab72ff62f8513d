import type { ServerResponse } from 'node:http';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { sseEvent } from '@tunasync/protocol';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { run } from '../src/index.js';
import { widthOf } from '../src/text/width.js';
import { fakeTerminal, type FakeTerminal } from './fake-terminal.js';
import { runCtl } from './run-ctl.js';
import { stubManager, type StubAnswer, type StubManager } from './stub-manager.js';

const start = Date.UTC(2026, 10, 23, 15);
const seconds = (time: number): number => time / 1000;
const job = (name: string, status: string, updated = start - 3_600_000 * 3) => ({
  name,
  status,
  last_update_ts: seconds(updated),
  next_schedule_ts: seconds(start + 20 * 60_000),
  upstream: `rsync://u/${name}/`,
  size: '1G',
});

let manager: StubManager;
let jobs: unknown[];
let down: boolean;
let clock: FakeClock;
let terminal: FakeTerminal;
let output: string;
let stderr: string;
let ended: Promise<number> | undefined;

beforeEach(async () => {
  jobs = [job('debian', 'success'), job('pypi', 'failed'), job('ctan', 'syncing')];
  down = false;
  clock = new FakeClock(start);
  terminal = fakeTerminal(80, 10);
  output = '';
  stderr = '';
  manager = await stubManager(({ path }) => {
    if (down) return { status: 500, body: { error: 'no' } };
    return path === '/jobs' ? { body: jobs } : { status: 404, body: '404 page not found' };
  });
});
afterEach(async () => {
  if (terminal.taken()) terminal.type('q');
  await ended;
  await manager[Symbol.asyncDispose]();
});

function watch(...argv: string[]): void {
  ended = run({
    argv: ['watch', '-m', '127.0.0.1', '-p', String(manager.port), ...argv],
    stdout: { write: (text: string) => ((output += text), true) },
    stderr: { write: (text: string) => ((stderr += text), true) },
    version: '1',
    systemConfig: '/nonexistent',
    terminal,
    clock,
  });
}

/** Returns the lines of the last frame, without colours. */
function screen(): string[] {
  const frame = output.split('\u001b[H').at(-1)!;
  return frame.split('\u001b[J')[0]!.split('\u001b[K\r\n').map(stripVTControlCharacters);
}

/** Waits for the first frame, so that keys and the clock have a listener. */
async function firstFrame(): Promise<void> {
  await waitFor('the screen', () => {
    expect(output).toContain('\u001b[J');
    return clock.pending > 0;
  });
}

/** Moves the clock as soon as the next request waits for it. */
async function advance(ms: number): Promise<void> {
  await waitFor('the timer', () => clock.pending > 0);
  await clock.advance(ms);
}

describe('watch', () => {
  test('watch shows failures first, on the alternate screen, and restores the terminal', async () => {
    watch();
    await firstFrame();
    expect(output.startsWith('\u001b[?1049h\u001b[?25l\u001b[H')).toBe(true);
    const [top, ...rest] = screen();
    expect(top).toBe(`3 mirrors  1 failed  1 syncing  1 success  ${new Date(start).toLocaleString('sv-SE')}`);
    expect(rest).toEqual([
      'MIRROR  STATUS   LAST SUCCESS  NEXT    SIZE  UPSTREAM OR ERROR',
      'pypi    failed   3h ago        in 20m    1G  rsync://u/pypi/',
      'ctan    syncing  3h ago        -         1G  rsync://u/ctan/',
      'debian  success  3h ago        in 20m    1G  rsync://u/debian/',
      'q quits',
    ]);
    terminal.type('q');
    expect(await ended).toBe(0);
    expect(output.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
    expect([terminal.taken(), stderr]).toEqual([false, '']);
  });

  test('watch polls every two seconds and shows changes', async () => {
    watch();
    await firstFrame();
    jobs = [job('pypi', 'success', start)];
    await advance(1999);
    expect(manager.seen).toHaveLength(2);
    await advance(1);
    await waitFor('the screen', () => {
      expect(screen()[2]).toMatch(/^pypi {4}success {2}2s ago/);
      return true;
    });
    expect(manager.seen.map(({ path }) => path)).toEqual(['/api/events', '/jobs', '/jobs']);
  });

  test('an unreachable manager is reported with the age of the screen, and recovers', async () => {
    watch();
    await firstFrame();
    down = true;
    await advance(2000);
    await waitFor('the screen', () => {
      expect(screen()[0]).toMatch(/answered 500: no; as of 2s ago$/);
      return true;
    });
    expect(screen()[2]).toMatch(/^pypi/);
    down = false;
    await advance(2000);
    await waitFor('the screen', () => {
      expect(screen()[0]).toContain('3 mirrors');
      return true;
    });
  });

  test('a resize redraws the screen, and a frame never exceeds it', async () => {
    jobs = Array.from({ length: 50 }, (_, index) =>
      job(`mirror-${String(index).padStart(2, '0')}`, 'success'),
    );
    watch();
    await firstFrame();
    expect(screen()).toHaveLength(10);
    expect(screen().at(-1)).toBe('1-7 of 50; q quits, arrows and Page keys move');
    for (const [columns, rows] of [
      [40, 6],
      [200, 60],
      [12, 3],
      [1, 1],
    ] as const) {
      terminal.resize(columns, rows);
      expect(screen()).toHaveLength(Math.min(rows, 53));
      for (const line of screen()) expect(widthOf(line)).toBeLessThanOrEqual(Math.max(1, columns - 1));
    }
  });

  test('arrows, Page keys, Home and End move, but not beyond the ends', async () => {
    jobs = Array.from({ length: 20 }, (_, index) => job(`m${String(index).padStart(2, '0')}`, 'success'));
    watch();
    await firstFrame();
    const first = (): string => screen()[2]!.slice(0, 3);
    const after = (keys: string): string => {
      terminal.type(keys);
      return first();
    };
    expect(after('\u001b[A')).toBe('m00');
    expect(after('\u001b[B')).toBe('m01');
    expect(after('j')).toBe('m02');
    expect(after('\u001b[6~')).toBe('m09');
    expect(after('k')).toBe('m08');
    expect(after('\u001b[F')).toBe('m13');
    expect(after(' ')).toBe('m13');
    expect(after('x')).toBe('m13');
    expect(after('\u001b[5~')).toBe('m06');
    expect(after('\u001b[H')).toBe('m00');
    terminal.type('G');
    jobs = jobs.slice(0, 9);
    await advance(2000);
    await waitFor('the screen', () => {
      expect(screen().at(-1)).toMatch(/^3-9 of 9/);
      return true;
    });
  });

  test('keys that arrive together all count', async () => {
    jobs = Array.from({ length: 20 }, (_, index) => job(`m${String(index).padStart(2, '0')}`, 'success'));
    watch();
    await firstFrame();
    terminal.type('\u001b[B\u001b[Bj\u001bOB\u001b[1;5Cx');
    expect(screen()[2]).toMatch(/^m04/);
    terminal.type('kq');
    expect(await ended).toBe(0);
  });

  test.each<[string, StubAnswer]>([
    ['a page of a proxy', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['no place', { status: 503, body: { error: 'too many follow' } }],
    ['a redirect', { status: 302, headers: { location: '/login' }, body: '' }],
  ])('watch polls when the stream of events is %s', async (_what, events) => {
    manager.answer = ({ path }) => (path === '/jobs' ? { body: jobs } : events);
    watch();
    await firstFrame();
    expect(screen()[0]).toMatch(/^3 mirrors {2}1 failed/);
    jobs = [job('pypi', 'success', start)];
    await advance(2000);
    await waitFor('the screen', () => screen()[0]!.startsWith('1 mirror  1 success'));
  });

  test('a frame of ten thousand mirrors with Chinese names measures few texts the slow way', async () => {
    jobs = Array.from({ length: 10_000 }, (_, index) => job(`清华大学镜像${index}`, 'success'));
    watch('-n', '1000');
    await firstFrame();
    const segment = jest.spyOn(Intl.Segmenter.prototype, 'segment');
    try {
      for (let count = 0; count < 10; count += 1) terminal.type('j');
      expect(screen()[2]).toMatch(/^清华大学镜像/);
      // ten frames of seven rows
      expect(segment.mock.calls.length).toBeLessThan(1000);
    } finally {
      segment.mockRestore();
    }
  });

  test('--status filters, --interval slows polling, Ctrl-C ends watch during a request', async () => {
    watch('--status', 'failed,success', '-n', '10');
    await firstFrame();
    expect(screen()[0]).toContain('2 mirrors  1 failed  1 success  ');
    await advance(10_000);
    terminal.type('\u0003');
    expect(await ended).toBe(0);
    expect(output.endsWith('\u001b[?1049l')).toBe(true);
  });

  test('counts and states have colours where wanted', async () => {
    terminal = fakeTerminal(80, 10, true);
    watch();
    await firstFrame();
    expect(output).toContain('\u001b[31m1 failed\u001b[0m');
    expect(output).toContain('\u001b[36msyncing\u001b[0m');
  });

  test('a manager that is unreachable from the start prints one line and leaves the screen alone', async () => {
    down = true;
    watch();
    expect(await ended).toBe(1);
    expect(output).toBe('');
    expect(stderr).toContain('HTTP status code is not 200: {"error":"no"}');
  });

  test('watch without a terminal refers to list', async () => {
    for (const argv of [['watch'], ['watch', '--json']]) {
      expect(await runCtl(argv)).toEqual({
        exit: 1,
        stdout: '',
        stderr: 'tunasynctl: watch needs a terminal; use list in scripts\n',
      });
    }
    expect((await runCtl(['watch', '-n', '0'])).stderr).toContain('expected a number of seconds');
  });
});

describe('watch with pushed changes', () => {
  const never = '0001-01-01T00:00:00Z';
  const zeros = { none: 0, failed: 0, success: 0, syncing: 0, 'pre-syncing': 0, paused: 0, disabled: 0 };
  const states = { failed: 0, syncing: 0, waiting: 0, stale: 0, none: 0, paused: 0, disabled: 0, success: 0 };
  const counts = { counts: zeros, states };
  const told = (name: string, status: string, fields: Record<string, unknown> = {}) => ({
    name,
    worker: 'w1',
    is_master: true,
    status,
    last_update: new Date(start - 3 * 3_600_000).toISOString(),
    last_started: never,
    last_ended: never,
    next_schedule: never,
    upstream: 'rsync://u/',
    size: '1G',
    error_msg: '',
    state: status,
    worker_state: 'online',
    ...fields,
  });
  const hello = (id: string, resumed: boolean): string =>
    sseEvent({ event: 'hello', id, data: JSON.stringify({ resumed, workers: [], ...counts }) });
  const changes = (id: string, changed: Record<string, unknown>): string => {
    const none = { jobs: [], removed: [], progress: [], workers: [], removed_workers: [] };
    return sseEvent({ event: 'changes', id, data: JSON.stringify({ ...none, ...counts, ...changed }) });
  };
  let streams: ServerResponse[];

  beforeEach(() => {
    streams = [];
    jobs = [told('ctan', 'success'), told('pypi', 'syncing')];
    manager.answer = ({ path }) => {
      if (down) return { status: 503, body: { error: 'no' } };
      if (path === '/api/events') {
        return {
          headers: { 'content-type': 'text/event-stream' },
          respond: (response) => {
            streams.push(response);
            response.write(hello(`e.${streams.length}`, false));
          },
        };
      }
      const { searchParams } = new URL(path, 'http://h');
      const offset = Number(searchParams.get('offset'));
      const page = jobs.slice(offset, offset + Number(searchParams.get('limit')));
      return { body: { total: jobs.length, ...counts, jobs: page } };
    };
  });

  const shows = (text: string): Promise<unknown> =>
    waitFor(`${text} (${screen().join('|')})`, () => screen().some((line) => line.includes(text)));

  test('each change is shown at once, with workers, errors and progress, and removed jobs disappear', async () => {
    watch();
    await firstFrame();
    expect(screen().slice(1, 4)).toEqual([
      'MIRROR  WORKER  STATUS   LAST SUCCESS  NEXT  SIZE  UPSTREAM OR ERROR',
      'pypi    w1      syncing  3h ago        -       1G  rsync://u/',
      'ctan    w1      success  3h ago        -       1G  rsync://u/',
    ]);
    streams[0]!.write(changes('e.2', { progress: [{ worker: 'w1', name: 'pypi', percent: 42.9 }] }));
    await shows('syncing 42%');
    const failed = told('pypi', 'failed', { error_msg: 'exit status 3' });
    streams[0]!.write(changes('e.3', { jobs: [failed], removed: [{ worker: 'w1', name: 'ctan' }] }));
    await shows('exit status 3');
    expect(screen()[0]).toMatch(/^1 mirror {2}1 failed/);
    expect(manager.seen.map(({ path }) => path)).toEqual([
      '/api/events',
      '/api/jobs?sort=name&offset=0&limit=1000',
    ]);
  });

  test('many jobs are requested page by page, and again after a reset', async () => {
    jobs = Array.from({ length: 2001 }, (_, index) => told(`m${index}`, 'success'));
    watch();
    await firstFrame();
    expect(screen()[0]).toMatch(/^2001 mirrors {2}2001 success/);
    jobs = [told('pypi', 'success')];
    streams[0]!.write(sseEvent({ event: 'reset', id: 'e.9', data: JSON.stringify(counts) }));
    await shows('1 mirror ');
  });

  test('smaller pages and a wrong total are handled', async () => {
    jobs = Array.from({ length: 25 }, (_, index) => told(`m${index}`, 'success'));
    const { answer } = manager;
    manager.answer = (request) => {
      const { searchParams, pathname } = new URL(request.path, 'http://h');
      if (pathname !== '/api/jobs') return answer(request);
      const offset = Number(searchParams.get('offset'));
      return { body: { total: 1e15, ...counts, jobs: jobs.slice(offset, offset + 10) } };
    };
    watch();
    await firstFrame();
    expect(screen()[0]).toMatch(/^25 mirrors /);
    expect(manager.seen).toHaveLength(5);
  });

  test('a mirror that moves to another page between requests is not lost', async () => {
    jobs = Array.from({ length: 1500 }, (_, index) => told(`m${String(index).padStart(4, '0')}`, 'success'));
    const { answer } = manager;
    manager.answer = (request) => {
      const reply = answer(request);
      if (request.path.startsWith('/api/jobs') && jobs.length === 1500) jobs = jobs.slice(1);
      return reply;
    };
    watch();
    await firstFrame();
    expect(screen()[0]).toMatch(/^1499 mirrors /);
    terminal.type('G');
    terminal.resize(80, 2000);
    expect(screen().filter((line) => line.startsWith('m1000'))).toHaveLength(1);
  });

  test('relative times are updated without changes', async () => {
    watch();
    await firstFrame();
    await advance(2 * 3_600_000);
    await shows('5h ago');
    expect(screen()[0]).toContain(new Date(start + 2 * 3_600_000).toLocaleString('sv-SE'));
  });

  test('a lost connection is reported with the age of the screen, and recovers', async () => {
    watch();
    await firstFrame();
    down = true;
    streams[0]!.end(sseEvent({ event: 'end', data: '{"reason":"the manager stops"}' }));
    await shows('the manager stops; as of now');
    await waitFor('the timers', () => clock.pending === 2);
    await clock.advance(500);
    await shows('answered 503: no');
    down = false;
    jobs = [told('pypi', 'paused')];
    await waitFor('the timers', () => clock.pending === 2);
    await clock.advance(1000);
    await shows('1 paused');
  });
});
