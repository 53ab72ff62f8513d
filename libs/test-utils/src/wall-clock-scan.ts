const minuteMs = 60_000;
const minutesOfDay = 1440;

/** A wall time, as a person reads it off a clock and a calendar. */
export interface WallTime {
  readonly month: number;
  readonly dayOfMonth: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** A time of day, in minutes after midnight, on the days (0 is Sunday) on which it begins; over midnight unless `to` is later. */
export interface WallWindow {
  readonly from: number;
  readonly to: number;
  readonly days: readonly number[];
}

/**
 * What the wall clock of a time zone shows, minute by minute: an oracle for schedules. It knows nothing of
 * offsets, of cron or of when clocks are changed: it asks `Intl.DateTimeFormat` what is shown at each minute, and looks.
 */
export class WallClockScan {
  /** Milliseconds since the Unix epoch, a whole minute. */
  readonly start: number;
  readonly #shown: readonly number[];
  readonly #times: readonly WallTime[];

  /**
   * @param zone - IANA name
   * @param start - milliseconds since the Unix epoch, a whole minute
   * @param minutes - how many minutes are looked at
   */
  constructor(zone: string, start: number, minutes: number) {
    this.start = start;
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    this.#shown = Array.from({ length: minutes }, (_, index) => {
      // such as 2026-03-29 03:00
      const text = format.format(start + index * minuteMs);
      return Date.parse(`${text.replace(' ', 'T')}Z`) / minuteMs;
    });
    this.#times = this.#shown.map(wallTime);
  }

  /**
   * The minutes at which a schedule is due, in milliseconds since the Unix epoch: those at which the clock shows a time of it.
   *
   * @param isTime - whether a wall time is one of the schedule
   * @param once - whether a time that is shown again does not count, and those that the clock leaves out count
   * at the minute at which it does
   */
  dues(isTime: (time: WallTime) => boolean, once: boolean): number[] {
    const dues: number[] = [];
    let latest = this.#shown[0] ?? 0;
    this.#shown.forEach((shown, index) => {
      const isAgain = index > 0 && shown <= latest;
      const time = this.#times[index];
      let due = !(once && isAgain) && time !== undefined && isTime(time);
      for (let left = latest + 1; once && !due && left < shown; left++) due = isTime(wallTime(left));
      if (due) dues.push(this.start + index * minuteMs);
      if (shown > latest) latest = shown;
    });
    return dues;
  }

  /** The minutes at which the clock was set forward or back, in milliseconds since the Unix epoch. */
  changes(): number[] {
    return this.#shown.flatMap((shown, index) =>
      index > 0 && shown !== (this.#shown[index - 1] ?? 0) + 1 ? [this.start + index * minuteMs] : [],
    );
  }

  /** For each minute whether the clock shows a time within one of the windows. */
  within(windows: readonly WallWindow[]): boolean[] {
    return this.#times.map(({ weekday, hour, minute }) => {
      const time = hour * 60 + minute;
      return windows.some(({ from, to, days }) => {
        const end = to > from ? to : minutesOfDay;
        if (days.includes(weekday) && time >= from && time < end) return true;
        return to <= from && days.includes((weekday + 6) % 7) && time < to;
      });
    });
  }
}

function wallTime(shown: number): WallTime {
  const date = new Date(shown * minuteMs);
  return {
    month: date.getUTCMonth() + 1,
    dayOfMonth: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}
