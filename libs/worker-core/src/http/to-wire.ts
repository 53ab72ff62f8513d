import type { WorkerJob } from '@tunasync/protocol';
import type { JobSnapshot } from '../engine/create-worker.js';
import { toWait } from '../engine/worker-facts.js';
import { toMirrorStatus } from '../job/report.js';

/** A job as it travels. */
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
