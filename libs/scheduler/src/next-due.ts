import { TunasyncError } from '@tunasync/protocol';

/** Every so many minutes, counted from the end of the last sync. */
export interface IntervalRule {
  kind: 'interval';
  minutes: number;
}

/** At the times of a cron expression, in a time zone. */
export interface CronRule {
  kind: 'cron';
  /** 5 fields, or 6 or 7 with seconds first and the year last. */
  expression: string;
  /** IANA name. */
  timezone: string;
}

/** At fixed times of the day: `anchor`, and every so many minutes before and after it. */
export interface FixedRateRule {
  kind: 'fixed-rate';
  /** Divides 1440. */
  minutes: number;
  /** Minutes after midnight. */
  anchor: number;
  /** IANA name. */
  timezone: string;
}

/** When a job is due again. Told apart by `kind`. */
export type ScheduleRule = IntervalRule | CronRule | FixedRateRule;

/** A time of day in which nothing starts. */
export interface BlackoutWindow {
  /** Minutes after midnight at which it begins. */
  from: number;
  /** Minutes after midnight at which it ends; not after `from`: on the next day. */
  to: number;
  /** Days on which it begins, 0 is Sunday. */
  days: readonly number[];
}

const minute = 60_000;

/**
 * When a job is due next.
 *
 * @param now - end of the last sync, in milliseconds since the Unix epoch
 * @returns milliseconds since the Unix epoch
 */
export function nextDue(rule: ScheduleRule, now: number): number {
  if (rule.kind !== 'interval') throw new TunasyncError('SCHEDULE_RULE_INVALID', `no rule '${rule.kind}' yet`);
  return now + rule.minutes * minute;
}
