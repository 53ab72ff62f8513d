import { shortened, TunasyncError } from '@tunasync/protocol';
import { minutesOf } from './time-of-day.js';
import { zoneOf } from './zone.js';

/** A time of day in which nothing starts. */
export interface BlackoutWindow {
  /** Minutes after midnight at which it begins. */
  from: number;
  /** Minutes after midnight at which it ends; not after `from`: on the next day. */
  to: number;
  /** Days on which it begins, 0 is Sunday. */
  days: readonly number[];
}

const minuteMs = 60_000;
const weekMs = 7 * 1440 * minuteMs;
/** 1970-01-04 was a Sunday: makes wall times count from the beginning of a week. */
const firstSunday = 3 * 1440 * minuteMs;

const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * Reads a window, `HH:MM-HH:MM [days]`: from the first time (included) to the second one (not included), which is on
 * the next day unless it is later than the first; `24:00` may end it. Days are those on which it begins: `daily`
 * (as when there are none), `Mon`, `Mon-Fri`, `Fri-Mon`, or a list such as `Mon,Wed-Fri`.
 *
 * @throws {@link TunasyncError} `SCHEDULE_BLACKOUT_INVALID`
 */
export function parseBlackout(text: string): BlackoutWindow {
  const [, begin = '', end = '', days = 'daily'] =
    /^\s*(\S+?)\s*-\s*([\d:]+)(?:\s+\[?\s*(\S.*?)\s*\]?)?\s*$/.exec(text) ?? [];
  const from = minutesOf(begin);
  const to = minutesOf(end);
  const on = daysOf(days);
  if (from === undefined || from === 1440 || to === undefined || on === undefined) {
    throw new TunasyncError(
      'SCHEDULE_BLACKOUT_INVALID',
      `expected a blackout such as '23:00-07:00', '08:00-18:00 Mon-Fri' or '01:00-02:00 Sat,Sun', found '${shortened(text)}'`,
    );
  }
  return { from, to, days: on };
}

/**
 * Checks that a set of windows leaves some time to start in.
 *
 * @throws {@link TunasyncError} `SCHEDULE_BLACKOUT_ALWAYS` when together they cover the whole week
 */
export function checkBlackout(windows: readonly BlackoutWindow[]): void {
  if (coversWeek(closedTimes(windows))) throw always();
}

/**
 * When the blackout that `now` lies in ends: windows that overlap or touch count as one. Windows go by what the
 * clock shows: one that it shows twice is one twice.
 *
 * @param timezone - IANA name
 * @param now - milliseconds since the Unix epoch
 * @returns milliseconds since the Unix epoch; undefined: not in a blackout
 * @throws {@link TunasyncError} `SCHEDULE_BLACKOUT_ALWAYS` when there is no end, `SCHEDULE_TIMEZONE_UNKNOWN`
 */
export function blackoutEnd(
  windows: readonly BlackoutWindow[],
  timezone: string,
  now: number,
): number | undefined {
  if (windows.length === 0) return undefined;
  const closed = closedTimesOf(windows);
  const zone = zoneOf(timezone);
  let instant = now;
  for (;;) {
    const { offset, until } = zone.span(instant);
    const rest = restOfBlackout(closed, instant + offset);
    if (rest === 0) return instant === now ? undefined : instant;
    instant = Math.min(instant + rest, until);
  }
}

/** A part of the week, in milliseconds since its Sunday began. */
interface ClosedTime {
  readonly from: number;
  to: number;
}

/** Parsed windows by their text; they are never changed. */
const closedTimesOfWindows = new WeakMap<readonly BlackoutWindow[], readonly ClosedTime[]>();

function closedTimesOf(windows: readonly BlackoutWindow[]): readonly ClosedTime[] {
  let closed = closedTimesOfWindows.get(windows);
  if (closed === undefined) {
    closed = closedTimes(windows);
    if (coversWeek(closed)) throw always();
    closedTimesOfWindows.set(windows, closed);
  }
  return closed;
}

/** The windows of a week in order, those that overlap or touch as one. */
function closedTimes(windows: readonly BlackoutWindow[]): readonly ClosedTime[] {
  const all = windows.flatMap(({ from, to, days }) =>
    days.flatMap((day) => {
      const begin = (day * 1440 + from) * minuteMs;
      const end = (day * 1440 + (to > from ? to : to + 1440)) * minuteMs;
      if (end <= weekMs) return [{ from: begin, to: end }];
      return [
        { from: begin, to: weekMs },
        { from: 0, to: end - weekMs },
      ];
    }),
  );
  all.sort((a, b) => a.from - b.from);
  const merged: ClosedTime[] = [];
  for (const time of all) {
    const last = merged.at(-1);
    if (last !== undefined && time.from <= last.to) last.to = Math.max(last.to, time.to);
    else merged.push(time);
  }
  return merged;
}

function coversWeek(closed: readonly ClosedTime[]): boolean {
  return closed[0]?.from === 0 && closed[0].to === weekMs;
}

/** Milliseconds of wall clock until nothing is closed any more; 0: nothing is closed. */
function restOfBlackout(closed: readonly ClosedTime[], wall: number): number {
  const inWeek = (((wall - firstSunday) % weekMs) + weekMs) % weekMs;
  const time = closed.find(({ from, to }) => from <= inWeek && inWeek < to);
  if (time === undefined) return 0;
  const [first] = closed;
  const goesOn = time.to === weekMs && first?.from === 0 ? first.to : 0;
  return time.to + goesOn - inWeek;
}

function daysOf(text: string): number[] | undefined {
  if (/^(daily|every ?day|\*)$/i.test(text)) return [0, 1, 2, 3, 4, 5, 6];
  const days = new Set<number>();
  for (const part of text.split(/[\s,]+/)) {
    const [first = -1, last = first, ...more] = part.split('-').map(dayOf);
    if (first < 0 || last < 0 || more.length > 0) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

/** 0 to 6; -1 for other text. */
function dayOf(text: string): number {
  const name = text.toLowerCase();
  return name.length < 3 ? -1 : dayNames.findIndex((day) => day.startsWith(name));
}

function always(): TunasyncError {
  return new TunasyncError(
    'SCHEDULE_BLACKOUT_ALWAYS',
    'expected blackouts that leave some time of the week open, found ones that cover all of it',
  );
}
