import type { SyncStatus } from '@tunasync/protocol';
import type { Paint } from '../text/paint.js';
import { relativeTime } from '../text/relative-time.js';
import { tableLines, type Column, type TableOptions } from '../text/table.js';
import { jobTime, type Job } from './job-times.js';

/** The colour of each state. */
export const statusPaints: Readonly<Record<SyncStatus, Paint>> = {
  none: 'dim',
  success: 'green',
  failed: 'red',
  'pre-syncing': 'cyan',
  syncing: 'cyan',
  paused: 'yellow',
  disabled: 'dim',
};

/** Compares jobs by mirror and worker. */
export function byName(a: Job, b: Job): number {
  return compare(a.name, b.name) || compare(workerOf(a), workerOf(b));
}

/**
 * Returns a table of statuses.
 *
 * @param now - milliseconds since the Unix epoch
 * @param order - order of the rows
 */
export function jobTable(
  jobs: readonly Job[],
  now: number,
  options: TableOptions,
  order: (a: Job, b: Job) => number = byName,
): string[] {
  const rows = [...jobs].sort(order);
  const columns = columnsOf(now).filter(
    ({ title }) => title !== 'WORKER' || rows.some((job) => workerOf(job) !== ''),
  );
  return tableLines(columns, rows, options);
}

function columnsOf(now: number): Column<Job>[] {
  return [
    { title: 'MIRROR', value: ({ name }) => name, shrinkTo: 12 },
    { title: 'WORKER', value: workerOf, shrinkTo: 8 },
    { title: 'STATUS', value: statusText, paint: ({ status }) => statusPaints[status] },
    { title: 'LAST SUCCESS', value: (job) => since(jobTime(job, 'last_update'), now) },
    { title: 'NEXT', value: (job) => nextText(job, now) },
    { title: 'SIZE', align: 'right', value: ({ size }) => (size === 'unknown' ? '-' : size) },
    {
      title: 'UPSTREAM OR ERROR',
      value: (job) => errorOf(job) || job.upstream,
      paint: (job) => (errorOf(job) === '' ? undefined : 'red'),
      shrinkTo: 10,
    },
  ];
}

/** Describes the time since an instant in words. */
export function since(instant: number | undefined, now: number): string {
  return instant === undefined ? 'never' : relativeTime(instant, now);
}

/** Describes in words when a job is due; `-` for a job that is running or never due. */
export function nextText(job: Job, now: number): string {
  const next = jobTime(job, 'next_schedule');
  const idle = ['none', 'success', 'failed'].includes(job.status);
  return next === undefined || !idle ? '-' : next <= now ? 'due' : relativeTime(next, now);
}

/** Returns the state, with the progress if the manager reports it. */
function statusText(job: Job): string {
  const percent = 'progress' in job ? job.progress?.percent : undefined;
  return percent === undefined ? job.status : `${job.status} ${Math.floor(percent)}%`;
}

function workerOf(job: Job): string {
  return 'worker' in job ? job.worker : '';
}

/** Returns the error of the last sync; empty when it did not fail, or the error is unknown. */
function errorOf(job: Job): string {
  return job.status === 'failed' && 'error_msg' in job ? job.error_msg : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
