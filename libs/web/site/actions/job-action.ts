import type { ApiJob, JobKey } from '../api/types.js';

/** The actions on a mirror. `enable` has no command of its own: it starts the mirror. */
export const jobActions = ['start', 'force', 'stop', 'restart', 'disable', 'enable'] as const;
/** An action on a mirror. */
export type JobAction = (typeof jobActions)[number];

/** The fields of a job that an action needs. */
export type ActionJob = JobKey & Pick<ApiJob, 'status' | 'last_started' | 'progress'>;

/** Whether the job has a run in progress, which some actions end. */
export function isRunning({ status }: Pick<ApiJob, 'status'>): boolean {
  return status === 'syncing' || status === 'pre-syncing';
}

/** The actions that apply to a job, the most likely first. */
export function actionsFor(job: Pick<ApiJob, 'status'>): JobAction[] {
  if (job.status === 'disabled') return ['enable'];
  if (isRunning(job)) return ['stop', 'restart', 'disable'];
  if (job.status === 'paused') return ['start', 'force', 'disable'];
  return ['start', 'force', 'stop', 'disable'];
}

/** Whether an action needs confirmation: it ends something, or it is for many mirrors. */
export function asksFirst(action: JobAction, jobs: readonly ActionJob[]): boolean {
  if (jobs.length > 1) return true;
  if (action === 'stop' || action === 'disable') return true;
  return action === 'restart' && jobs.some(isRunning);
}

/** The key of the text that says what an action costs. Runs are mentioned only if there are any. */
export function lossOf(
  action: JobAction,
  jobs: readonly Pick<ApiJob, 'status'>[],
): JobAction | 'stopIdle' | 'restartIdle' | 'disableIdle' {
  const isIdle = !jobs.some(isRunning);
  if (isIdle && (action === 'stop' || action === 'restart' || action === 'disable')) return `${action}Idle`;
  return action;
}

/** The command that is sent for an action. */
export function commandOf(action: JobAction): {
  cmd: 'start' | 'stop' | 'restart' | 'disable';
  force?: true;
} {
  if (action === 'force') return { cmd: 'start', force: true };
  return { cmd: action === 'enable' ? 'start' : action };
}

/** A key that is unique among jobs. */
export function keyOf({ worker, name }: JobKey): string {
  return JSON.stringify([worker, name]);
}
