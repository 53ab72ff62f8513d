import { expect, test } from '@jest/globals';
import { FakeClock, WallClockScan } from '@tunasync/test-utils';
import { createWorker, memoryState } from '../src/index.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf } from './support/mirror.js';
import { RandomSchedules, randomNumbers, type ScheduledMirror } from './support/random-schedules.js';
import { TimedExecutor } from './support/timed-executor.js';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

/** In this month clocks are changed on 3 October (Lord Howe), 25 October (Berlin) and 1 November (New York). */
const start = Date.parse('2026-10-01T00:00:00Z');
const end = Date.parse('2026-11-02T00:00:00Z');

/** Set `CLOCK_TEST_SEED` to see again what a seed did. */
const seed = Number(process.env['CLOCK_TEST_SEED'] ?? Date.now() % 1_000_000);

/** What was seen of one run: when it was to start, when it did, and when it ended (0: not yet). */
interface Seen {
  due: number;
  started: number;
  ended: number;
}

const text = (at: number): string => new Date(at).toISOString();

/** What a minute-by-minute scan of the wall clock says of a mirror. */
class Oracle {
  readonly #mirror: ScheduledMirror;
  readonly #dues: readonly number[];
  readonly #closed: readonly boolean[];
  /** Starts that a blackout put off. */
  heldBack = 0;
  readonly #scan: WallClockScan;

  constructor(mirror: ScheduledMirror, scan: WallClockScan) {
    this.#mirror = mirror;
    this.#scan = scan;
    this.#dues = mirror.isTime === undefined ? [] : scan.dues(mirror.isTime, mirror.once);
    this.#closed = mirror.windows.length === 0 ? [] : scan.within(mirror.windows);
  }

  /** What is wrong with the runs of the mirror. */
  mistakes(seen: readonly Seen[], lastDue: number): string[] {
    const wrong: string[] = [];
    const { config } = this.#mirror;
    let expected = config.schedule.kind === 'interval' ? start : this.#dueAfter(start);
    const isDue = (due: number): boolean => {
      const late = due - expected;
      return config.jitterMinutes === 0 || expected === start
        ? late === 0
        : late >= 0 && late < config.jitterMinutes * minuteMs;
    };
    for (const { due, started, ended } of seen) {
      if (!isDue(due)) wrong.push(`${config.name} should be due at ${text(expected)}, not at ${text(due)}`);
      const opening = this.#open(due);
      if (started !== opening)
        wrong.push(`${config.name} should start at ${text(opening)}, not at ${text(started)}`);
      if (opening > due) this.heldBack++;
      if (ended === 0) return wrong;
      expected = this.#dueAfter(ended);
    }
    // no start is missing at the end
    if (expected >= end) return wrong;
    if (!isDue(lastDue))
      wrong.push(`${config.name} should at last be due at ${text(expected)}, not at ${text(lastDue)}`);
    if (this.#open(lastDue) <= end)
      wrong.push(`${config.name} should have started at ${text(this.#open(lastDue))}`);
    return wrong;
  }

  #dueAfter(ended: number): number {
    const { schedule } = this.#mirror.config;
    if (schedule.kind === 'interval') return ended + schedule.minutes * minuteMs;
    let [low, high] = [0, this.#dues.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#dues[middle] ?? Infinity) > ended) high = middle;
      else low = middle + 1;
    }
    return this.#dues[low] ?? Infinity;
  }

  /** The first moment from `due` on that is in no blackout. */
  #open(due: number): number {
    const minute = Math.floor((due - this.#scan.start) / minuteMs);
    if (this.#closed[minute] !== true) return due;
    const open = this.#closed.indexOf(false, minute);
    return open < 0 ? Infinity : this.#scan.start + open * minuteMs;
  }
}

test(`500 mirrors start in a month at the very times at which they should (seed ${seed})`, async () => {
  const random = randomNumbers(seed);
  const schedules = new RandomSchedules(random);
  const mirrors = Array.from({ length: 500 }, (_, index) => schedules.mirror(`m${index}`));
  const clock = new FakeClock(start);
  const lasts = new Map<string, number>();
  const executor = new TimedExecutor(clock, (mirror) => {
    const ms = 1000 + Math.floor(random() ** 3 * 5 * 60 * minuteMs);
    lasts.set(mirror, ms);
    return ms;
  });
  const worker = createWorker({
    config: configOf(
      mirrors.map(({ config }) => config),
      { concurrent: 500 },
    ),
    clock,
    executor,
    random,
    // nothing is read from them, and each copy costs time
    state: { ...memoryState(), commit: () => ({ reports: [], kept: undefined }) },
    hooks: [],
    providers: [fakeProvider()],
  });

  const dues = new Map<string, number>();
  const seen = new Map<string, Seen[]>(mirrors.map(({ config }) => [config.name, []]));
  const mistakes: string[] = [];
  worker.on('schedule', ({ mirror, nextDue }) => {
    if (nextDue > 0) dues.set(mirror, nextDue);
  });
  worker.on('run-started', ({ mirror, at }) => {
    seen.get(mirror)?.push({ due: dues.get(mirror) ?? 0, started: at, ended: 0 });
  });
  const endOf = worker.on('run-ended', ({ mirror, startedAt, endedAt, result }) => {
    const run = seen.get(mirror)?.at(-1);
    if (run !== undefined) run.ended = endedAt;
    // else the times that follow would mean nothing
    if (result !== 'success' || endedAt !== startedAt + (lasts.get(mirror) ?? 0))
      mistakes.push(`${mirror}: ${result}`);
  });
  await worker.start();
  await clock.advance(end - start);
  const running = worker.jobs().filter(({ state }) => state === 'running').length;
  // those that are killed now tell nothing
  endOf();
  await worker.stop();

  const scans = new Map<string, WallClockScan>();
  let [starts, heldBack] = [0, 0];
  for (const mirror of mirrors) {
    const { name } = mirror.config;
    const scan =
      scans.get(mirror.zone) ??
      new WallClockScan(mirror.zone, start - dayMs, (end - start) / minuteMs + 3 * 1440);
    scans.set(mirror.zone, scan);
    const oracle = new Oracle(mirror, scan);
    const runs = seen.get(name) ?? [];
    mistakes.push(...oracle.mistakes(runs, dues.get(name) ?? Infinity));
    starts += runs.length;
    heldBack += oracle.heldBack;
  }
  expect(mistakes).toEqual([]);
  const changes = [...scans].map(([zone, scan]) => [zone, scan.changes().length]);
  expect(Object.fromEntries(changes)).toMatchObject({
    'Europe/Berlin': 1,
    'Australia/Lord_Howe': 1,
    'America/New_York': 1,
    'Asia/Kolkata': 0,
  });

  // enough to mean something
  expect(starts).toBeGreaterThan(20_000);
  expect(heldBack).toBeGreaterThan(1000);
  expect(running).toBeLessThan(500);
  expect(clock.pending).toBe(0);
}, 120_000);
