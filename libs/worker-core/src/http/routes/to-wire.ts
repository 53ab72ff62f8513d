import type { WorkerJob } from '@tunasync/protocol';
import { toWait } from '../../engine/describe-worker.js';
import type { JobSnapshot } from '../../interfaces/worker.js';
import { toMirrorStatus } from '../../job/report.js';

/** A job in the form of the API. */
export function toWorkerJob(worker: string, job: JobSnapshot): WorkerJob {
  const { state, then, attempt, provider, schedule, waits, progress, status } = job;
  return {
    ...toMirrorStatus(worker, job, { ...job, mode: 'active', run: null }),
    status,
    state,
    ...(then !== undefined && { then }),
    attempt,
    provider,
    schedule,
    ...(waits !== undefined && { waits: toWait(waits) }),
    ...(progress !== undefined && { progress }),
  };
}
