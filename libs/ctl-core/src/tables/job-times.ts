import { toUnixMillis, type ApiJob, type MirrorStatus, type WebMirrorStatus } from '@tunasync/protocol';

/** A job of either kind of list. */
export type Job = MirrorStatus | WebMirrorStatus | ApiJob;

/** Returns a time of a job in milliseconds since the Unix epoch; undefined: never. */
export function jobTime(
  job: Job,
  field: 'last_update' | 'last_started' | 'last_ended' | 'next_schedule',
): number | undefined {
  const millis = 'last_update_ts' in job ? job[`${field}_ts`] * 1000 : toUnixMillis(job[field]);
  return millis < 0 ? undefined : millis;
}
