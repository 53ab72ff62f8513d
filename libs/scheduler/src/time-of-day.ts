import { shortened, TunasyncError } from '@tunasync/protocol';

/** Minutes of `HH:MM`, up to `24:00`; undefined for anything else. */
export function minutesOf(text: string): number | undefined {
  const [, hours, minutes] = /^(\d\d?):(\d\d)$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && total <= 1440 ? total : undefined;
}

/**
 * Reads a time of day, `HH:MM` from 00:00 to 23:59.
 *
 * @returns minutes after midnight
 * @throws {@link TunasyncError} `SCHEDULE_TIME_OF_DAY_INVALID`
 */
export function parseTimeOfDay(text: string): number {
  const minutes = minutesOf(text.trim());
  if (minutes === undefined || minutes === 1440) {
    throw new TunasyncError(
      'SCHEDULE_TIME_OF_DAY_INVALID',
      `expected a time of day such as '04:30', found '${shortened(text)}'`,
    );
  }
  return minutes;
}
