import type { ApiJob } from '../../api/types.js';
import { bytes, millisOf } from '../../ui/format.js';
import { bytesOf } from './job-order.js';

/** Seconds that the last run took; undefined when none ended, or one that began since did not. */
export function lastDuration({
  last_started,
  last_ended,
}: Pick<ApiJob, 'last_started' | 'last_ended'>): number | undefined {
  const started = millisOf(last_started);
  const ended = millisOf(last_ended);
  return started === undefined || ended === undefined || ended < started
    ? undefined
    : (ended - started) / 1000;
}

/** A size in the words of a language; what is no size is shown as it is, and what is unknown as a dash. */
export function sizeText(size: string, locale: string): string {
  const count = bytesOf(size);
  if (count >= 0) return bytes(count, locale);
  return size === '' || size === 'unknown' ? '–' : size;
}
