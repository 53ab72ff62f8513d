import { messageOf, shortened, TunasyncError } from '@tunasync/protocol';
import cronParser from 'cron-parser';
import { CronDays } from './cron-days.js';
import type { WallTimes } from './wall-times.js';
import { dayMs } from './zone.js';

/** Years that the year field takes. */
const yearRange = { min: 1970, max: 2199 };

const expected =
  'expected 5 fields (minute hour day month weekday), or 6 or 7 with seconds first and the year last';

/** The wall times of a cron expression. */
export class CronTimes implements WallTimes {
  readonly everyHour: boolean;
  readonly #days: CronDays;
  readonly #hours: readonly number[];
  readonly #minutes: readonly number[];
  readonly #seconds: readonly number[];

  /**
   * `cron-parser` reads the fields. Its own search for the next time is not used: it knows no years, and on the days
   * on which the clock is changed it lets jobs run six times in an hour that was left out, and knows no change but
   * one by an hour.
   *
   * @throws {@link TunasyncError} `SCHEDULE_CRON_INVALID`
   */
  constructor(expression: string) {
    const fields = fieldsOf(expression);
    this.#hours = fields.hours;
    this.#minutes = fields.minutes;
    this.#seconds = fields.seconds;
    this.#days = fields.days;
    this.everyHour = fields.hours.length === 24;
    if (this.next(0) === undefined) throw invalid(expression, 'no date fits it');
  }

  next(wall: number): number | undefined {
    const today = Math.floor(wall / dayMs);
    const day = this.#days.next(today);
    if (day === undefined) return undefined;
    if (day > today) return day * dayMs + this.#firstTime();
    const time = this.#timeFrom(Math.ceil((wall - today * dayMs) / 1000));
    if (time !== undefined) return day * dayMs + time;
    const later = this.#days.next(day + 1);
    return later === undefined ? undefined : later * dayMs + this.#firstTime();
  }

  #firstTime(): number {
    return this.#timeFrom(0) ?? 0;
  }

  /** The first time of day, in milliseconds, at or after a second of the day. */
  #timeFrom(second: number): number | undefined {
    const from = {
      hour: Math.floor(second / 3600),
      minute: Math.floor(second / 60) % 60,
      second: second % 60,
    };
    for (const hour of this.#hours) {
      if (hour < from.hour) continue;
      for (const minute of this.#minutes) {
        if (hour === from.hour && minute < from.minute) continue;
        const isFirst = hour === from.hour && minute === from.minute;
        const found = isFirst ? this.#seconds.find((value) => value >= from.second) : this.#seconds[0];
        if (found !== undefined) return ((hour * 60 + minute) * 60 + found) * 1000;
      }
    }
    return undefined;
  }
}

function fieldsOf(expression: string) {
  const words = expression.trim().split(/\s+/);
  const isName = words.length === 1 && /^@\w+$/.test(words[0] ?? '');
  if (!isName && (words.length < 5 || words.length > 7)) throw invalid(expression, expected);
  const year = words.length === 7 ? words.pop() : undefined;
  const fields = parsed(expression, words.join(' '));
  const weekdays: readonly (number | string)[] = fields.dayOfWeek;
  const daysOfMonth: readonly (number | string)[] = fields.dayOfMonth;
  const days = new CronDays({
    months: new Set(fields.month),
    daysOfMonth: new Set(numbers(daysOfMonth)),
    lastOfMonth: daysOfMonth.includes('L'),
    weekdays: new Set(numbers(weekdays).map((weekday) => weekday % 7)),
    lastWeekdays: new Set(lastWeekdays(expression, weekdays)),
    nthWeekday: Number(/#(\d)$/.exec(words.at(-1) ?? '')?.[1] ?? 0),
    years: year === undefined ? undefined : yearsOf(expression, year),
  });
  return { days, hours: fields.hour, minutes: fields.minute, seconds: fields.second };
}

function parsed(expression: string, words: string) {
  try {
    return cronParser.parseExpression(words, { utc: true }).fields;
  } catch (error) {
    throw invalid(expression, messageOf(error), error);
  }
}

const numbers = (values: readonly (number | string)[]): number[] =>
  values.filter((value) => typeof value === 'number');

/** Of `5L`: 5. */
function lastWeekdays(expression: string, values: readonly (number | string)[]): number[] {
  return values
    .filter((value) => typeof value === 'string')
    .map((value) => {
      const [, weekday] = /^([0-7])L$/.exec(value) ?? [];
      if (weekday === undefined) throw invalid(expression, `expected a weekday before L, found '${value}'`);
      return Number(weekday) % 7;
    });
}

function yearsOf(expression: string, field: string): ReadonlySet<number> | undefined {
  if (field === '*' || field === '?') return undefined;
  const years = new Set<number>();
  for (const part of field.split(',')) {
    const [, from, to, step] = /^(\*|\d{4})(?:-(\d{4}))?(?:\/(\d+))?$/.exec(part) ?? [];
    const first = from === '*' ? yearRange.min : Number(from);
    const last = Number(to ?? (from === '*' || step !== undefined ? yearRange.max : from));
    if (
      !(first >= yearRange.min && last <= yearRange.max && first <= last) ||
      (from === '*' && to !== undefined)
    ) {
      throw invalid(expression, `expected years from ${yearRange.min} to ${yearRange.max}, found '${part}'`);
    }
    if (step !== undefined && Number(step) === 0)
      throw invalid(expression, `expected a step of at least 1, found '${part}'`);
    for (let year = first; year <= last; year += Number(step ?? 1)) years.add(year);
  }
  return years;
}

function invalid(expression: string, why: string, cause?: unknown): TunasyncError {
  const message = `cannot read the cron expression '${shortened(expression)}': ${why}`;
  return new TunasyncError('SCHEDULE_CRON_INVALID', message, { cause });
}
