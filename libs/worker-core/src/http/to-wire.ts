import { basename } from 'node:path';
import { toWireTime, type LogFile, type WorkerJob } from '@tunasync/protocol';
import type { RunLog } from '@tunasync/run-log';
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

/** A log as it travels. */
export function toLogFile({ file, size, mtime, time, failed }: RunLog): LogFile {
  return {
    name: basename(file),
    size,
    started: toWireTime(startOf(time, mtime)),
    time: toWireTime(Math.floor(mtime)),
    failed,
  };
}

/** Log names have the local time; one that is no time (a name made by hand) gives that of the last change. */
function startOf(time: string, mtime: number): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = time.split(/[-_]/).map(Number);
  const started = new Date(year, month - 1, day, hour, minute).getTime();
  return Number.isNaN(started) ? Math.floor(mtime) : started;
}
