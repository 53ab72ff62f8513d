import type { TFunction } from 'i18next';
import type { JobPlan } from '../../../api/types.js';
import { duration } from '../../../ui/format.js';

/** The schedule of a mirror. */
export type Schedule = JobPlan['schedule'];

/** A schedule in words. */
export interface ScheduleWords {
  readonly words: string;
  /** As configured, such as a cron expression. */
  readonly code?: string | undefined;
  readonly zone?: string | undefined;
}

/** Describes a schedule. An unknown kind is shown as it is. */
export function scheduleText(t: TFunction, schedule: Schedule, locale: string): ScheduleWords {
  const { kind, minutes = 0, expression, anchor = 0, timezone } = schedule;
  const time = duration(minutes * 60, locale);
  const zone = timezone === undefined ? undefined : t('mirror.schedule.zone', { zone: timezone });
  switch (kind) {
    case 'interval':
      return { words: t('mirror.schedule.interval', { time }) };
    case 'cron':
      return { words: t('mirror.schedule.cron'), code: expression, zone };
    case 'fixed-rate':
      return { words: t('mirror.schedule.fixed-rate', { time, anchor: timeOfDay(anchor) }), zone };
    default:
      return { words: kind, code: expression, zone };
  }
}

/** A time of day such as `03:30`. @param minutes - after midnight */
export function timeOfDay(minutes: number): string {
  const digits = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  return `${digits(minutes / 60)}:${digits(minutes % 60)}`;
}

/** The strings of a TOML list. */
export function listOf(toml: string): string[] {
  return [...toml.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(
    ([, basic, literal]) => basic ?? literal ?? '',
  );
}
