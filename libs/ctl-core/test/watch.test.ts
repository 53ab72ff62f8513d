import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { run } from '../src/index.js';
import { widthOf } from '../src/text/width.js';
import { fakeTerminal, type FakeTerminal } from './fake-terminal.js';
import { runCtl } from './run-ctl.js';
import { stubManager, type StubManager } from './stub-manager.js';

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
  manager = await stubManager(() => (down ? { status: 500, body: { error: 'no' } } : { body: jobs }));
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

/** The lines that the last frame left on the screen, without colours. */
function screen(): string[] {
  const frame = output.split('\u001b[H').at(-1)!;
  return frame.split('\u001b[J')[0]!.split('\u001b[K\r\n').map(stripVTControlCharacters);
}

/** Waits for the first frame, so that keys and the clock have somebody. */
async function firstFrame(): Promise<void> {
  await waitFor('the screen', () => {
    expect(output).toContain('\u001b[J');
    return clock.pending > 0;
  });
}

/** Moves the clock as soon as the next question waits for it. */
async function advance(ms: number): Promise<void> {
  await waitFor('the timer', () => clock.pending > 0);
  await clock.advance(ms);
}

describe('watch', () => {
  test('shows what is wrong first, on another screen, and leaves the terminal as it was', async () => {
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

  test('asks again every two seconds, and shows what changed', async () => {
    watch();
    await firstFrame();
    jobs = [job('pypi', 'success', start)];
    await advance(1999);
    expect(manager.seen).toHaveLength(1);
    await advance(1);
    await waitFor('the screen', () => {
      expect(screen()[2]).toMatch(/^pypi {4}success {2}2s ago/);
      return true;
    });
    expect(manager.seen.map(({ path }) => path)).toEqual(['/jobs', '/jobs']);
  });

  test('a manager that goes away is told, with the age of what is shown; then it recovers', async () => {
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

  test('is drawn anew when the size changes, and never larger than the screen', async () => {
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

  test('arrows, Page keys, Home and End move, never beyond the ends', async () => {
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

  test('--status keeps some, --interval asks less often, Ctrl-C ends while a question is open', async () => {
    watch('--status', 'failed,success', '-n', '10');
    await firstFrame();
    expect(screen()[0]).toContain('2 mirrors  1 failed  1 success  ');
    await advance(10_000);
    terminal.type('\u0003');
    expect(await ended).toBe(0);
    expect(output.endsWith('\u001b[?1049l')).toBe(true);
  });

  test('colours the counts and states where those are wanted', async () => {
    terminal = fakeTerminal(80, 10, true);
    watch();
    await firstFrame();
    expect(output).toContain('\u001b[31m1 failed\u001b[0m');
    expect(output).toContain('\u001b[36msyncing\u001b[0m');
  });

  test('a manager that is not there from the start: one line, and the screen is left alone', async () => {
    down = true;
    watch();
    expect(await ended).toBe(1);
    expect(output).toBe('');
    expect(stderr).toContain('HTTP status code is not 200: {"error":"no"}');
  });

  test('without a terminal there is list', async () => {
    for (const argv of [['watch'], ['watch', '--json']]) {
      expect(await runCtl(argv)).toEqual({
        exit: 1,
        stdout: '',
        stderr: 'tunasynctl: watch needs a terminal; for programs there is list\n',
      });
    }
    expect((await runCtl(['watch', '-n', '0'])).stderr).toContain('expected a number of seconds');
  });
});
