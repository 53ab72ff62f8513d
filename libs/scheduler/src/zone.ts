import { TunasyncError } from '@tunasync/protocol';

/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** A day of UTC in a zone: its offset, and where in it the offset changes. */
interface ZoneDay {
  /** Milliseconds that the wall clock is ahead of UTC, until `changesAt`. */
  readonly before: number;
  /** Instant from which `after` holds; the end of the day when nothing changes. */
  readonly changesAt: number;
  readonly after: number;
}

/** A stretch of time in which the wall clock runs evenly. */
export interface ZoneSpan {
  /** Milliseconds that the wall clock is ahead of UTC. */
  readonly offset: number;
  /** Instant at which the stretch ends: the offset may be another one from then on. */
  readonly until: number;
}

/** Days that a zone remembers before it starts over: far more than a search for the next time needs. */
const rememberedDays = 4096;

/**
 * The wall clock of a time zone. Wall times are milliseconds since the epoch as if the wall clock showed UTC.
 * Source of all offsets: the zone data of the JavaScript engine, asked twice for each day that comes up.
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, ZoneDay>();

  /**
   * @param name - IANA name
   * @throws {@link TunasyncError} `SCHEDULE_TIMEZONE_UNKNOWN`
   */
  constructor(name: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'gregory',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch (error) {
      throw new TunasyncError(
        'SCHEDULE_TIMEZONE_UNKNOWN',
        `expected the IANA name of a time zone such as 'Europe/Berlin', found '${name}'`,
        { cause: error },
      );
    }
  }

  /** The even stretch that an instant is in, from that instant on. */
  span(instant: number): ZoneSpan {
    const day = Math.floor(instant / dayMs);
    const { before, changesAt, after } = this.#day(day);
    return instant < changesAt
      ? { offset: before, until: changesAt }
      : { offset: after, until: (day + 1) * dayMs };
  }

  /** The latest wall time that was shown up to an instant: later than what is shown now after a clock was set back. */
  latestShown(instant: number): number {
    let latest = instant + this.span(instant).offset;
    const today = Math.floor(instant / dayMs);
    for (const day of [today - 1, today]) {
      const { before, changesAt } = this.#day(day);
      // the time at which the clock is changed is not shown itself
      if (changesAt <= instant) latest = Math.max(latest, changesAt + before - 1);
    }
    return latest;
  }

  /**
   * The first instant at which the wall clock shows `wall` or more. For a time that exists twice: the first one.
   * For one that is left out: the moment that the clock is set forward.
   */
  firstAt(wall: number): number {
    let day = Math.floor((wall - dayMs) / dayMs);
    for (; ; day++) {
      const { before, changesAt, after } = this.#day(day);
      const early = Math.max(day * dayMs, wall - before);
      if (early < changesAt) return early;
      const late = Math.max(changesAt, wall - after);
      if (late < (day + 1) * dayMs) return late;
    }
  }

  #day(day: number): ZoneDay {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    if (this.#days.size >= rememberedDays) this.#days.clear();
    const found = this.#examine(day * dayMs, (day + 1) * dayMs);
    this.#days.set(day, found);
    return found;
  }

  /** No zone changes its offset twice within a day of UTC. */
  #examine(start: number, end: number): ZoneDay {
    const before = this.#offset(start);
    const after = this.#offset(end - 1);
    if (before === after) return { before, changesAt: end, after };
    let [low, high] = [start, end - 1];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offset(middle) === before) low = middle;
      else high = middle;
    }
    return { before, changesAt: high, after };
  }

  #offset(instant: number): number {
    const second = Math.floor(instant / 1000) * 1000;
    const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(second)) fields[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
  }
}

/** Zones by name; making one takes a millisecond, and its rules never change. */
const zones = new Map<string, Zone>();

/** @throws {@link TunasyncError} `SCHEDULE_TIMEZONE_UNKNOWN` */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Whether `name` is a time zone of the IANA database, such as `Europe/Berlin` or `UTC`. */
export function isTimezone(name: string): boolean {
  // newer engines take offsets too, the files do not
  if (!/^[a-z]/i.test(name)) return false;
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}
