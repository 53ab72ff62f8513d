import { CronTimes } from './cron-times.js';
import type { CronRule } from './rules.js';
import { zoneOf } from './zone.js';

/**
 * Reads a cron expression: `minute hour day-of-month month weekday`, with 6 fields seconds before them, with 7 the
 * year after them too. Lists, ranges, steps, names of months and weekdays, `L` (last), `#` (nth weekday) and
 * `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly` are understood; a weekday 7 is Sunday. When both day fields
 * are restricted, either is enough, as in crontab(5).
 *
 * @param timezone - IANA name
 * @throws {@link TunasyncError} `SCHEDULE_CRON_INVALID` for an expression that cannot be read or that no date fits,
 * `SCHEDULE_TIMEZONE_UNKNOWN`
 */
export function parseCron(expression: string, timezone: string): CronRule {
  const text = expression.trim().replace(/\s+/g, ' ');
  // throws for what cannot be read
  new CronTimes(text);
  zoneOf(timezone);
  return { kind: 'cron', expression: text, timezone };
}
