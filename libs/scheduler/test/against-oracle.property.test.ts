import { describe, expect, test } from '@jest/globals';
import { WallClockScan, type WallTime } from '@tunasync/test-utils';
import fc from 'fast-check';
import { blackoutEnd, checkBlackout, nextDue, parseBlackout, parseCron } from '../src/index.js';

const minuteMs = 60_000;
const dayMinutes = 1440;

/** Days near which clocks are changed, by zone, and a day on which nothing happens. Source: the IANA time zone database. */
const places: [zone: string, day: string][] = [
  ['UTC', '2026-06-15'],
  ['Asia/Kolkata', '2026-12-31'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  // by half an hour
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  // by two hours
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  // at midnight, forward and back into the day before
  ['Asia/Beirut', '2026-03-29'],
  ['Asia/Beirut', '2026-10-25'],
  ['America/Havana', '2026-11-01'],
  ['America/Nuuk', '2026-03-28'],
  // a whole day that was left out
  ['Pacific/Apia', '2011-12-30'],
];

/** Two days before to four days after a day, from a day later on what is due is compared. */
const place = fc.constantFrom(...places).map(([zone, day]) => {
  const start = Date.parse(`${day}T00:00:00Z`) - 2 * dayMinutes * minuteMs;
  const minutes = 6 * dayMinutes;
  return {
    zone,
    from: start + dayMinutes * minuteMs,
    to: start + minutes * minuteMs,
    scan: scanOf(zone, start, minutes),
  };
});

const scans = new Map<string, WallClockScan>();

function scanOf(zone: string, start: number, minutes: number): WallClockScan {
  const key = `${zone} ${start}`;
  const scan = scans.get(key) ?? new WallClockScan(zone, start, minutes);
  scans.set(key, scan);
  return scan;
}

/** A field of a cron expression and the values that it stands for. */
interface Field {
  text: string;
  values: ReadonlySet<number>;
}

const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

function field(min: number, max: number, all = '*'): fc.Arbitrary<Field> {
  const value = fc.integer({ min, max });
  return fc.oneof(
    fc.constant({ text: all, values: new Set(range(min, max)) }),
    value.map((one) => ({ text: `${one}`, values: new Set([one]) })),
    fc
      .uniqueArray(value, { minLength: 2, maxLength: 5 })
      .map((list) => ({ text: list.join(), values: new Set(list) })),
    fc.tuple(value, value).map((pair) => {
      const [from, to] = [Math.min(...pair), Math.max(...pair)];
      return { text: `${from}-${to}`, values: new Set(range(from, to)) };
    }),
    fc
      .integer({ min: 2, max: 30 })
      .map((step) => ({ text: `${all}/${step}`, values: new Set(range(min, max, step)) })),
  );
}

const everyDay = (text: string, values: number[]): Field => ({ text, values: new Set(values) });

const cron = fc
  .record({
    minute: field(0, 59),
    hour: fc.oneof(field(0, 23), field(0, 3, '0-3')),
    dayOfMonth: fc.oneof({ weight: 2, arbitrary: fc.constant(everyDay('*', range(1, 31))) }, field(1, 31)),
    weekday: fc.oneof({ weight: 2, arbitrary: fc.constant(everyDay('*', range(0, 6))) }, field(0, 6)),
  })
  .map(({ minute, hour, dayOfMonth, weekday }) => {
    const [everyDate, everyWeekday] = [dayOfMonth.values.size === 31, weekday.values.size === 7];
    const isTime = (time: WallTime): boolean => {
      if (!minute.values.has(time.minute) || !hour.values.has(time.hour)) return false;
      const [onDate, onWeekday] = [dayOfMonth.values.has(time.dayOfMonth), weekday.values.has(time.weekday)];
      return everyDate || everyWeekday ? onDate && onWeekday : onDate || onWeekday;
    };
    return {
      text: `${minute.text} ${hour.text} ${dayOfMonth.text} * ${weekday.text}`,
      isTime,
      once: hour.values.size < 24,
    };
  });

/** An instant of the days that are compared, often one within three hours of a change of the clock. */
const moment = fc.oneof(
  fc.nat({ max: 4 * dayMinutes * minuteMs }).map((after) => (_: WallClockScan, from: number) => from + after),
  fc
    .integer({ min: -180 * minuteMs, max: 180 * minuteMs })
    .map(
      (after) => (scan: WallClockScan, from: number) =>
        (scan.changes()[0] ?? from + 2 * dayMinutes * minuteMs) + after,
    ),
);

const divisors = range(1, dayMinutes).filter((minutes) => dayMinutes % minutes === 0);
const slots = fc.record({ minutes: fc.constantFrom(...divisors), anchor: fc.integer({ min: 0, max: 1439 }) });

const blackouts = fc.array(
  fc.record({
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 0, max: 1440 }),
    days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  }),
  { minLength: 1, maxLength: 4 },
);

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const clockText = (minutes: number): string =>
  `${`${Math.floor(minutes / 60)}`.padStart(2, '0')}:${`${minutes % 60}`.padStart(2, '0')}`;

/** Everything that is due from an instant on, before another one. */
function dues(next: (now: number) => number, from: number, to: number): string[] {
  const found: string[] = [];
  for (let at = next(from - 1); at !== 0 && at < to; at = next(at)) found.push(new Date(at).toISOString());
  return found;
}

const expected = (all: readonly number[], from: number, to: number): string[] =>
  all.filter((at) => at >= from && at < to).map((at) => new Date(at).toISOString());

describe('due times equal those of a scan of every minute', () => {
  test('cron', () => {
    fc.assert(
      fc.property(place, cron, ({ zone, from, to, scan }, { text, isTime, once }) => {
        const rule = parseCron(text, zone);
        expect(dues((now) => nextDue(rule, now), from, to)).toEqual(
          expected(scan.dues(isTime, once), from, to),
        );
      }),
      { numRuns: 120 },
    );
  });

  test('fixed-rate', () => {
    fc.assert(
      fc.property(place, slots, ({ zone, from, to, scan }, { minutes, anchor }) => {
        const rule = { kind: 'fixed-rate', minutes, anchor, timezone: zone } as const;
        const isTime = ({ hour, minute }: WallTime): boolean =>
          (hour * 60 + minute + 1440 - anchor) % minutes === 0;
        const all = scan.dues(isTime, minutes > 60);
        expect(dues((now) => nextDue(rule, now), from, to)).toEqual(expected(all, from, to));
      }),
      { numRuns: 80 },
    );
  });

  test('from any instant on', () => {
    fc.assert(
      fc.property(place, cron, moment, ({ zone, from, to, scan }, job, instantOf) => {
        const now = instantOf(scan, from);
        const due = nextDue(parseCron(job.text, zone), now);
        const next = scan.dues(job.isTime, job.once).find((at) => at > now);
        expect(due < to && due > 0 ? due : undefined).toBe(next);
      }),
      { numRuns: 120 },
    );
  });
});

test('a blackout ends where a scan of every minute finds its end', () => {
  fc.assert(
    fc.property(place, blackouts, fc.array(moment, { minLength: 5 }), (where, windows, times) => {
      const texts = windows.map(
        ({ from, to, days }) =>
          `${clockText(from)}-${clockText(to)} ${days.map((day) => dayNames[day]).join()}`,
      );
      const parsed = texts.map(parseBlackout);
      fc.pre(leavesTime(parsed));
      const closed = where.scan.within(windows);
      for (const instantOf of times) {
        const now = instantOf(where.scan, where.from);
        const minute = Math.floor((now - where.scan.start) / minuteMs);
        const end = closed.indexOf(false, minute);
        const found = blackoutEnd(parsed, where.zone, now);
        if (closed[minute] === false) expect(found).toBeUndefined();
        else if (end < 0) expect(found).toBeGreaterThanOrEqual(where.to);
        else expect(found).toBe(where.scan.start + end * minuteMs);
      }
    }),
    { numRuns: 80 },
  );
});

function leavesTime(windows: Parameters<typeof checkBlackout>[0]): boolean {
  try {
    checkBlackout(windows);
    return true;
  } catch {
    return false;
  }
}
