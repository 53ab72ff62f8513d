import type { ApiJob, RunRecord } from '../../../api/types.js';
import { millisOf, secondsBetween } from '../../../ui/format.js';

/** Largest difference between two reports of the same start, milliseconds. */
const sameStartMs = 2000;

/** The failure of a run, or of an attempt that will be followed by another. */
export interface Failure {
  /** The run, if there is a record of it; none for an attempt, or from a worker that keeps no records. */
  readonly run?: RunRecord | undefined;
  /** A stable word; empty if unknown. */
  readonly reason: string;
  readonly exitCode?: number | undefined;
  /** The worker's message. */
  readonly message: string;
  /** When it ended; empty if unknown. */
  readonly ended: string;
  /** Base name of its log, if known. */
  readonly log?: string | undefined;
  /** Whether the run continues with another attempt. */
  readonly goesOn: boolean;
}

/** The failure of the newest run; undefined without one. @param runs - known runs, newest first */
export function failureOf(job: ApiJob, runs: readonly RunRecord[]): Failure | undefined {
  if (job.status === 'success' || job.status === 'disabled') return undefined;
  const [newest] = runs;
  const isUnderWay = job.status === 'syncing' || job.status === 'pre-syncing';
  const tellsOfThisRun = newest !== undefined && isSameRun(job, newest);
  if (job.status === 'failed' && !tellsOfThisRun) {
    return {
      reason: '',
      exitCode: exitCodeIn(job.error_msg),
      message: job.error_msg,
      ended: job.last_ended,
      goesOn: job.waits?.for === 'retry',
    };
  }
  if (newest?.result !== 'failed') return undefined;
  // a later result that is not recorded yet takes precedence
  if (!isUnderWay && !tellsOfThisRun) return undefined;
  return {
    run: newest,
    reason: newest.reason,
    exitCode: newest.exit_code,
    message: newest.error_msg,
    ended: newest.ended,
    log: logOf(newest),
    goesOn: false,
  };
}

/**
 * Whether the record of the newest run has not arrived yet: workers report the end of a run first. @param now -
 * milliseconds since the Unix epoch
 */
export function isRecordDue(job: ApiJob, runs: readonly RunRecord[], now: number): boolean {
  const ended = millisOf(job.last_ended);
  if (ended === undefined || Math.abs(now - ended) > 30_000) return false;
  const isOver = job.status === 'success' || job.status === 'failed' || job.status === 'paused';
  return isOver && !(runs[0] !== undefined && isSameRun(job, runs[0]));
}

/** Duration of the last finished run, seconds. */
export function lastDuration(job: ApiJob, runs: readonly RunRecord[]): number | undefined {
  const [newest] = runs;
  return newest === undefined ? secondsBetween(job.last_started, job.last_ended) : runSeconds(newest);
}

/** Duration of a run, seconds. */
export function runSeconds({ started, ended }: RunRecord): number | undefined {
  return secondsBetween(started, ended);
}

/** Base name of the log of a run. */
export function logOf({ log_file }: RunRecord): string | undefined {
  return log_file.slice(log_file.lastIndexOf('/') + 1) || undefined;
}

function isSameRun(job: ApiJob, run: RunRecord): boolean {
  const one = millisOf(job.last_started);
  const other = millisOf(run.started);
  return one !== undefined && other !== undefined && Math.abs(one - other) < sameStartMs;
}

function exitCodeIn(message: string): number | undefined {
  const [, code] = /^exit status (\d+)/.exec(message) ?? [];
  return code === undefined ? undefined : Number(code);
}
