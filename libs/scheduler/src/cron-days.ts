import { dayMs } from './zone.js';

/** Values of the day fields of a cron expression. */
export interface CronDayFields {
  readonly months: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  /** `L`: the last day of a month. */
  readonly lastOfMonth: boolean;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** `5L`: the last Friday of a month. */
  readonly lastWeekdays: ReadonlySet<number>;
  /** `1#2`: the second Monday of a month; 0: every one. */
  readonly nthWeekday: number;
  /** Undefined: every year. */
  readonly years: ReadonlySet<number> | undefined;
}

/** Years to search for a day; the rarest, a 29 February of one weekday, comes within 40. */
const longestSearchYears = 60;

/** Days on which a cron expression is due, as numbers of days since 1970-01-01. */
export class CronDays {
  readonly #fields: CronDayFields;
  readonly #everyDayOfMonth: boolean;
  readonly #everyWeekday: boolean;

  constructor(fields: CronDayFields) {
    this.#fields = fields;
    const longest = Math.max(
      ...[...fields.months].map((month) => new Date(Date.UTC(2000, month, 0)).getUTCDate()),
    );
    this.#everyDayOfMonth = isFull(fields.daysOfMonth, 1, longest);
    this.#everyWeekday = isFull(fields.weekdays, 0, 6) && fields.nthWeekday === 0;
  }

  /** The first one from `day` on; undefined when none comes. */
  next(day: number): number | undefined {
    const date = new Date(day * dayMs);
    const { months, years } = this.#fields;
    const firstYear = years === undefined ? date.getUTCFullYear() : Math.min(...years);
    const lastYear = years === undefined ? firstYear + longestSearchYears : Math.max(...years);
    if (date.getUTCFullYear() < firstYear) date.setTime(Date.UTC(firstYear, 0, 1));
    while (date.getUTCFullYear() <= lastYear) {
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      if (years?.has(year) === false) date.setTime(Date.UTC(year + 1, 0, 1));
      else if (!months.has(month + 1)) date.setTime(Date.UTC(year, month + 1, 1));
      else if (this.#matches(date)) return date.getTime() / dayMs;
      else date.setTime(date.getTime() + dayMs);
    }
    return undefined;
  }

  /** When both day fields are restricted, either is enough. Source: crontab(5). */
  #matches(date: Date): boolean {
    if (this.#everyDayOfMonth) return this.#everyWeekday || this.#isWeekday(date);
    return this.#isDayOfMonth(date) || (!this.#everyWeekday && this.#isWeekday(date));
  }

  #isDayOfMonth(date: Date): boolean {
    const { daysOfMonth, lastOfMonth } = this.#fields;
    return daysOfMonth.has(date.getUTCDate()) || (lastOfMonth && isInLastDays(date, 1));
  }

  #isWeekday(date: Date): boolean {
    const { weekdays, lastWeekdays, nthWeekday } = this.#fields;
    const weekday = date.getUTCDay();
    if (lastWeekdays.has(weekday) && isInLastDays(date, 7)) return true;
    return weekdays.has(weekday) && (nthWeekday === 0 || Math.ceil(date.getUTCDate() / 7) === nthWeekday);
  }
}

/** Whether a date is one of the last `days` of its month. */
function isInLastDays(date: Date, days: number): boolean {
  return new Date(date.getTime() + days * dayMs).getUTCMonth() !== date.getUTCMonth();
}

function isFull(values: ReadonlySet<number>, from: number, to: number): boolean {
  for (let value = from; value <= to; value++) if (!values.has(value)) return false;
  return true;
}
