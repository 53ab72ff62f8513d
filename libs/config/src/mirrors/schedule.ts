import {
  longestDistance,
  parseBlackout,
  parseCron,
  parseTimeOfDay,
  type ScheduleRule,
} from '@tunasync/scheduler';
import { placeOf, type Place } from '../document/diagnostics.js';
import { firstSet } from '../document/first-set.js';
import { longest } from '../document/key.js';
import {
  defaultPriority,
  defaultRetryDelay,
  defaultRetryDelayMax,
  defaultTimezone,
} from '../schema/schedule-keys.js';
import type { MirrorConfig } from '../settings/types.js';
import type { Leaf } from './leaf.js';
import { placeOfKey, type GlobalValues, type MirrorContext } from './mirror-context.js';

/** What {@link mirrorSchedule} gives. */
export type MirrorSchedule = Pick<
  MirrorConfig,
  | 'schedule'
  | 'timezone'
  | 'blackout'
  | 'jitterMinutes'
  | 'priority'
  | 'diskQuota'
  | 'retryDelaySeconds'
  | 'retryDelayMaxSeconds'
  | 'failureIntervalMinutes'
  | 'staleAfterMinutes'
  | 'logMaxSize'
>;

const day = 1440;

/**
 * When a mirror syncs, and what may hold a sync back. What a mirror says wins over `[global]`, as everywhere; a `cron` of
 * `[global]` gives way to an `interval` or `interval_mode` of the mirror.
 *
 * @param interval - minutes, in effect
 */
export function mirrorSchedule(leaf: Leaf, interval: number, context: MirrorContext): MirrorSchedule {
  const { values } = leaf;
  const { global } = context;
  const timezone = values.timezone || global.timezone || defaultTimezone;
  const schedule = ruleOf(leaf, interval, timezone, context);
  return {
    schedule,
    timezone,
    blackout: (values.blackout ?? global.blackout ?? []).map(parseBlackout),
    jitterMinutes: firstSet(values.jitter, global.jitter) ?? 0,
    // 0 is a priority like others
    priority: values.priority ?? global.priority ?? defaultPriority,
    diskQuota: firstSet(values.disk_quota, global.disk_quota) ?? 0,
    ...retryDelays(leaf, context),
    failureIntervalMinutes: firstSet(values.failure_interval, global.failure_interval) ?? 0,
    staleAfterMinutes:
      firstSet(values.stale_after, global.stale_after) ??
      Math.min(3 * distanceOf(schedule, context), longest.minutes),
    logMaxSize: firstSet(values.log_max_size, global.log_max_size) ?? 0,
  };
}

/** Minutes between two starts; 0: there is no second one. Many mirrors have the same cron expression. */
function distanceOf(rule: ScheduleRule, { distances }: MirrorContext): number {
  if (rule.kind !== 'cron') return rule.minutes;
  let distance = distances.get(rule.expression);
  if (distance === undefined) distances.set(rule.expression, (distance = longestDistance(rule) ?? 0));
  return distance;
}

/** Whether a mirror says by itself that it goes by an interval; a `cron` from further out counts no more then. */
export function choosesInterval(values: {
  interval?: number | undefined;
  interval_mode?: string | undefined;
}): boolean {
  return firstSet(values.interval) !== undefined || Boolean(values.interval_mode);
}

function ruleOf(leaf: Leaf, interval: number, timezone: string, context: MirrorContext): ScheduleRule {
  const { values, invalid } = leaf;
  const { global, problems } = context;
  const cron = values.cron || (choosesInterval(values) ? '' : global.cron) || '';
  const fixedRate = (values.interval_mode || global.interval_mode) === 'fixed-rate';
  if (cron !== '') {
    warnIdleAnchor(leaf, 'cron is given', context);
    return parseCron(cron, timezone);
  }
  if (!fixedRate) {
    warnIdleAnchor(leaf, "interval_mode is not 'fixed-rate'", context);
    return { kind: 'interval', minutes: interval };
  }
  if (day % interval !== 0 && !['cron', 'interval', 'interval_mode'].some((key) => invalid.has(key))) {
    problems.error(
      intervalPlace(leaf, context),
      `expected an interval that divides a day's ${day} minutes, as interval_mode is 'fixed-rate', found ${interval}`,
    );
  }
  const anchor = values.fixed_rate_anchor || global.fixed_rate_anchor;
  return { kind: 'fixed-rate', minutes: interval, anchor: anchor ? parseTimeOfDay(anchor) : 0, timezone };
}

/** Said only of what the mirror itself sets: what it inherits may be meant for others. */
function warnIdleAnchor(leaf: Leaf, why: string, { problems }: MirrorContext): void {
  if (leaf.values.fixed_rate_anchor === undefined) return;
  if (leaf.origins.get('fixed_rate_anchor') !== leaf.place) return;
  problems.warning(placeOfKey(leaf, 'fixed_rate_anchor'), `has no effect, as ${why}`);
}

/** The innermost place that has to do with a wrong interval. */
function intervalPlace(leaf: Leaf, { globalPlace }: MirrorContext): Place {
  if (leaf.values.interval !== undefined) return placeOfKey(leaf, 'interval');
  if (leaf.values.interval_mode) return placeOfKey(leaf, 'interval_mode');
  return placeOf(globalPlace, 'interval');
}

function retryDelays(
  leaf: Leaf,
  { global, globalPlace, problems }: MirrorContext,
): Pick<MirrorConfig, 'retryDelaySeconds' | 'retryDelayMaxSeconds'> {
  const given = (key: 'retry_delay' | 'retry_delay_max', from: Leaf['values'] | GlobalValues) =>
    firstSet(from[key]);
  const delay = given('retry_delay', leaf.values) ?? given('retry_delay', global);
  const max = given('retry_delay_max', leaf.values) ?? given('retry_delay_max', global);
  if (delay !== undefined && max !== undefined && delay > max) {
    const key = (['retry_delay', 'retry_delay_max'] as const).find((key) => leaf.values[key] !== undefined);
    problems.error(
      key === undefined ? placeOf(globalPlace, 'retry_delay') : placeOfKey(leaf, key),
      `expected retry_delay to be at most retry_delay_max, found ${delay} and ${max}`,
    );
  }
  return {
    retryDelaySeconds: delay ?? Math.min(defaultRetryDelay, max ?? defaultRetryDelay),
    retryDelayMaxSeconds: max ?? Math.max(defaultRetryDelayMax, delay ?? 0),
  };
}
