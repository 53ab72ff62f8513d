import type { RunState } from '../interfaces/job-record.js';
import type { JobSnapshot } from '../interfaces/worker.js';
import type { Job } from '../job/job.js';
import { statusOf } from '../job/report.js';

/** What is known of a job now. */
export function snapshotOf(job: Job): JobSnapshot {
  const { lastDuration, mirror, phase, progress, record, waits } = job;
  const log = liveLog(record.run);
  return {
    name: mirror.name,
    state: phase.state,
    ...(phase.then !== undefined && { then: phase.then }),
    ...(waits !== undefined && { waits }),
    ...(progress !== undefined && { progress }),
    status: statusOf(record),
    attempt: job.attempt,
    lastStatus: record.lastStatus,
    lastUpdate: record.lastUpdate,
    lastStarted: record.lastStarted,
    lastEnded: record.lastEnded,
    nextDue: record.nextDue,
    size: record.size,
    errorMsg: record.errorMsg,
    upstream: mirror.upstream,
    provider: mirror.provider,
    isMaster: mirror.isMaster,
    schedule: mirror.schedule,
    blackout: mirror.blackout,
    timezone: mirror.timezone,
    staleAfterMinutes: mirror.staleAfterMinutes,
    attempts: Math.max(1, mirror.retry),
    ...(lastDuration !== undefined && { lastDuration }),
    logDir: mirror.logDir,
    ...(log !== undefined && { log }),
  };
}

/** An attempt between two commands has its log, too; one that found its disk full has none. */
function liveLog(run: RunState | null): JobSnapshot['log'] {
  if (run === null || run.ended !== undefined || run.attemptStarted === 0 || run.logFile === '')
    return undefined;
  return { file: run.logFile, run: run.id, attempt: run.attempt };
}
