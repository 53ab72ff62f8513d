/** Every so many minutes, counted from the end of the last sync. */
export interface IntervalRule {
  kind: 'interval';
  minutes: number;
}

/** When a job is due again. Told apart by `kind`. */
export type ScheduleRule = IntervalRule;

const minute = 60_000;

/**
 * When a job is due next.
 *
 * @param now - end of the last sync, in milliseconds since the Unix epoch
 * @returns milliseconds since the Unix epoch
 */
export function nextDue(rule: ScheduleRule, now: number): number {
  return now + rule.minutes * minute;
}
