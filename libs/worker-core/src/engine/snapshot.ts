import type { Job } from '../job/job.js';
import { statusOf } from '../job/report.js';
import type { JobSnapshot } from './create-worker.js';

/** What is known of a job now. */
export function snapshotOf(job: Job): JobSnapshot {
  const { mirror, phase, progress, record, waits } = job;
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
    logDir: mirror.logDir,
  };
}
