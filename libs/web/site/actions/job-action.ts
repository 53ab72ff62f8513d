import type { ApiJob, JobKey } from '../api/types.js';

/** What can be done with a mirror. `enable` has no verb of its own: it starts. */
export const jobActions = ['start', 'force', 'stop', 'restart', 'disable', 'enable'] as const;
/** What can be done with a mirror. */
export type JobAction = (typeof jobActions)[number];

/** What an action needs to know of a job. */
export type ActionJob = JobKey & Pick<ApiJob, 'status' | 'last_started' | 'progress'>;

/** Whether a run is under way, which some actions end. */
export function isRunning({ status }: Pick<ApiJob, 'status'>): boolean {
  return status === 'syncing' || status === 'pre-syncing';
}

/** The actions that make sense for a job, the most likely first. */
export function actionsFor(job: Pick<ApiJob, 'status'>): JobAction[] {
  if (job.status === 'disabled') return ['enable'];
  if (isRunning(job)) return ['stop', 'restart', 'disable'];
  if (job.status === 'paused') return ['start', 'force', 'disable'];
  return ['start', 'force', 'stop', 'disable'];
}

/** Whether an action is asked about before it is done: it ends something, or it is for many. */
export function asksFirst(action: JobAction, jobs: readonly ActionJob[]): boolean {
  if (jobs.length > 1) return true;
  if (action === 'stop' || action === 'disable') return true;
  return action === 'restart' && jobs.some(isRunning);
}

/** What is said to be lost by an action, or to come of it: of runs only where there are any. */
export function lossOf(
  action: JobAction,
  jobs: readonly Pick<ApiJob, 'status'>[],
): JobAction | 'stopIdle' | 'restartIdle' | 'disableIdle' {
  const isIdle = !jobs.some(isRunning);
  if (isIdle && (action === 'stop' || action === 'restart' || action === 'disable')) return `${action}Idle`;
  return action;
}

/** What is sent for an action. */
export function commandOf(action: JobAction): {
  cmd: 'start' | 'stop' | 'restart' | 'disable';
  force?: true;
} {
  if (action === 'force') return { cmd: 'start', force: true };
  return { cmd: action === 'enable' ? 'start' : action };
}

/** A text by which jobs are told apart. */
export function keyOf({ worker, name }: JobKey): string {
  return JSON.stringify([worker, name]);
}
