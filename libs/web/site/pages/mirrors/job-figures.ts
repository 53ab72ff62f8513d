import type { ApiJob } from '../../api/types.js';
import { millisOf } from '../../ui/format.js';

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
