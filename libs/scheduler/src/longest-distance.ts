import { nextDue } from './next-due.js';
import type { ScheduleRule } from './rules.js';

const minuteMs = 60_000;
/** A week and a day: covers differences between weekdays and weekends. */
const weekMs = 8 * 86_400_000;
/** Distances that are looked at when they are longer than days. */
const fewest = 5;
/** Distances that are looked at in any case at most; only rules that are due every few seconds have more in a week. */
const most = 3000;

/** Where cron expressions are looked at from: any time does, and always the same gives always the same. 2026-01-01. */
const reference = 1_767_225_600_000;

/**
 * The longest time that usually lies between two starts of a job, in minutes: of office hours that of a weekend.
 *
 * @returns undefined for a cron rule that is due once or never
 */
export function longestDistance(rule: ScheduleRule): number | undefined {
  if (rule.kind !== 'cron') return rule.minutes;
  // days on which the clock is changed are nothing usual
  const inUtc = { ...rule, timezone: 'UTC' };
  const first = nextDue(inUtc, reference);
  if (first === 0) return undefined;
  let longest = 0;
  let last = first;
  for (let count = 0; count < fewest || (last < first + weekMs && count < most); count++) {
    const next = nextDue(inUtc, last);
    if (next === 0) break;
    longest = Math.max(longest, next - last);
    last = next;
  }
  return longest === 0 ? undefined : Math.ceil(longest / minuteMs);
}
