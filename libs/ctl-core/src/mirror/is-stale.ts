import type { MirrorStatus } from '@tunasync/protocol';
import { jobTime } from '../tables/job-times.js';

/** The default maximum age of the last success, in seconds: a week. */
export const defaultAge = 7 * 86_400;

/**
 * Whether a mirror is stale: the manager says so, or its last success is too long ago.
 *
 * @param now - milliseconds since the Unix epoch
 * @param age - maximum age in seconds
 */
export function isStale(job: MirrorStatus, now: number, age: number = defaultAge): boolean {
  return job.stale === true || (jobTime(job, 'last_update') ?? 0) < now - age * 1000;
}
