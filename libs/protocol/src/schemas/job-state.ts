import { z } from 'zod';
import type { Wait } from './runs.js';
import type { MirrorStatus } from './status.js';

/** States of a job on web pages, worst first. */
export const jobStates = [
  'failed',
  'syncing',
  'waiting',
  'stale',
  'none',
  'paused',
  'disabled',
  'success',
] as const;
export const jobStateSchema = z.enum(jobStates);
/**
 * State of a job on web pages: `waiting` (for a slot, its upstream, free space or a hook), `stale` (no success for
 * longer than the mirror allows), `none` (never run), or its status.
 */
export type JobState = z.infer<typeof jobStateSchema>;

/** Number of jobs in each {@link JobState}. */
export const jobStateCountsSchema = z.record(jobStateSchema, z.number().int().nonnegative());
/** Number of jobs in each state. */
export type JobStateCounts = z.infer<typeof jobStateCountsSchema>;

/** Reasons that hold back a job that is due now. The others (`retry`, `blackout`, …) name a later time. */
const holdsBack: ReadonlySet<string> = new Set(['slot', 'upstream', 'disk', 'end-of-run']);

/** The state of a job on web pages. @param waits - why the job waits although it is due */
export function jobStateOf(
  { status, stale }: Pick<MirrorStatus, 'status' | 'stale'>,
  waits?: Pick<Wait, 'for'>,
): JobState {
  if (status === 'pre-syncing') return 'waiting';
  if (status !== 'success' && status !== 'none') return status;
  if (waits !== undefined && holdsBack.has(waits.for)) return 'waiting';
  return stale === true ? 'stale' : status;
}
