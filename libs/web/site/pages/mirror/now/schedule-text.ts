import type { TFunction } from 'i18next';
import type { JobPlan } from '../../../api/types.js';
import { duration } from '../../../ui/format.js';

/** By what rule a mirror is scheduled. */
export type Schedule = JobPlan['schedule'];

/** A rule in words. */
export interface ScheduleWords {
  readonly words: string;
  /** As it is configured, such as a cron expression. */
  readonly code?: string | undefined;
  readonly zone?: string | undefined;
}

/** In words, by what rule a mirror is scheduled; a kind that is not known yet is shown as it is. */
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

/** Such as `03:30`. @param minutes - after midnight */
export function timeOfDay(minutes: number): string {
  const digits = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  return `${digits(minutes / 60)}:${digits(minutes % 60)}`;
}

/** The strings of a list as TOML writes it. */
export function listOf(toml: string): string[] {
  return [...toml.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(
    ([, basic, literal]) => basic ?? literal ?? '',
  );
}
