import { CronTimes } from './cron-times.js';
import type { CronRule, FixedRateRule, ScheduleRule } from './rules.js';
import { SlotTimes } from './slot-times.js';
import { nextOccurrence, type WallTimes } from './wall-times.js';
import { zoneOf } from './zone.js';

const minuteMs = 60_000;

/** Parsed rules by their text; a rule is never changed. */
const timesOfRules = new WeakMap<CronRule | FixedRateRule, WallTimes>();

/**
 * When a job is due next: `interval` counts from `now`; `cron` and `fixed-rate` give the next time of their wall
 * clock strictly after `now`, so that what was missed is not caught up on.
 *
 * On the days on which the clock is changed, a rule with times in every hour (cron: all 24 hours; fixed-rate: up to
 * 60 minutes) is due whenever the clock shows one of them. With any other rule a time that exists twice counts
 * once, the first time; times that are left out are due once, at the moment that the clock is set forward.
 *
 * @param now - end of the last sync, in milliseconds since the Unix epoch
 * @returns milliseconds since the Unix epoch; 0: never again, as with a cron expression whose last year has passed
 * @throws {@link TunasyncError} `SCHEDULE_CRON_INVALID`, `SCHEDULE_RULE_INVALID`, `SCHEDULE_TIMEZONE_UNKNOWN` for a
 * rule that no parser made
 */
export function nextDue(rule: ScheduleRule, now: number): number {
  if (rule.kind === 'interval') return now + rule.minutes * minuteMs;
  return nextOccurrence(timesOf(rule), zoneOf(rule.timezone), now);
}

/**
 * Puts a start off by a random time.
 *
 * @param due - milliseconds since the Unix epoch; 0 (never) stays 0
 * @param jitterMinutes - the most that it is put off; 0: not at all
 * @param random - from 0 up to 1, without 1
 */
export function withJitter(due: number, jitterMinutes: number, random: () => number): number {
  if (due === 0 || jitterMinutes <= 0) return due;
  return due + Math.floor(random() * jitterMinutes * minuteMs);
}

function timesOf(rule: CronRule | FixedRateRule): WallTimes {
  let times = timesOfRules.get(rule);
  if (times === undefined) {
    times = rule.kind === 'cron' ? new CronTimes(rule.expression) : new SlotTimes(rule.minutes, rule.anchor);
    timesOfRules.set(rule, times);
  }
  return times;
}
