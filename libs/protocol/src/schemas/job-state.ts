import { z } from 'zod';
import type { Wait } from './runs.js';
import type { MirrorStatus } from './status.js';

/** What pages call the state of a job, worst first where it matters. */
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
 * What pages call the state of a job: `waiting` (for a slot, its upstream, free space or a hook), `stale` (no success
 * for longer than the mirror allows), `none` (never run), or its status.
 */
export type JobState = z.infer<typeof jobStateSchema>;

/** How many jobs there are in each {@link JobState}. */
export const jobStateCountsSchema = z.record(jobStateSchema, z.number().int().nonnegative());
/** How many jobs there are in each state. */
export type JobStateCounts = z.infer<typeof jobStateCountsSchema>;

/** What holds a job back that should run now; all else (`retry`, `blackout`, …) is a time to come. */
const holdsBack: ReadonlySet<string> = new Set(['slot', 'upstream', 'disk', 'end-of-run']);

/** The state that pages show for a job. @param waits - why it does not run, though it should */
export function jobStateOf(
  { status, stale }: Pick<MirrorStatus, 'status' | 'stale'>,
  waits?: Pick<Wait, 'for'>,
): JobState {
  if (status === 'pre-syncing') return 'waiting';
  if (status !== 'success' && status !== 'none') return status;
  if (waits !== undefined && holdsBack.has(waits.for)) return 'waiting';
  return stale === true ? 'stale' : status;
}
