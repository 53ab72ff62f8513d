import {
  syncStatuses,
  toUnixMillis,
  type ApiJobsQuery,
  type JobCounts,
  type JobSort,
  type JobStateCounts,
  type MirrorStatus,
} from '@tunasync/protocol';
import { countJobs, type JobViews } from './job-views.js';

/** Jobs that a query leaves. */
export interface FoundJobs {
  total: number;
  counts: JobCounts;
  states: JobStateCounts;
  /** Those of the page. */
  page: MirrorStatus[];
}

/** Milliseconds after its time at which a job that has not begun is overdue. */
const overdueAfterMs = 10 * 60_000;

type Key = string | number;

/** Filters, sorts and cuts out a page. @param now - milliseconds since the Unix epoch */
export function findJobs(
  all: readonly MirrorStatus[],
  query: ApiJobsQuery,
  views: Pick<JobViews, 'jobStateOf' | 'countStates'>,
  now: number,
): FoundJobs {
  const { q = '', worker, status, state, sort, order, offset, limit } = query;
  const part = q.toLowerCase();
  const inScope = all.filter(
    (job) =>
      (worker === undefined || worker === '' || job.worker === worker) &&
      (part === '' || job.name.toLowerCase().includes(part) || job.upstream.toLowerCase().includes(part)),
  );
  const found = inScope.filter(
    (job) =>
      (status === undefined || status.includes(job.status)) &&
      (state === undefined || state.includes(views.jobStateOf(job))),
  );
  const keyOf = keys[sort];
  const sign = order === 'desc' ? -1 : 1;
  const sorted = found
    .map((job) => ({ job, key: keyOf(job, now) }))
    .sort(
      (one, other) =>
        sign * compare(one.key, other.key) ||
        compare(one.job.name, other.job.name) ||
        compare(one.job.worker, other.job.worker),
    );
  return {
    total: found.length,
    counts: countJobs(inScope),
    states: views.countStates(inScope),
    page: sorted.slice(offset, offset + limit).map(({ job }) => job),
  };
}

const keys: Readonly<Record<JobSort, (job: MirrorStatus, now: number) => Key>> = {
  attention: attentionOf,
  name: ({ name }) => name,
  worker: ({ worker }) => worker,
  status: ({ status }) => syncStatuses.indexOf(status),
  last_update: ({ last_update }) => toUnixMillis(last_update),
  last_started: ({ last_started }) => toUnixMillis(last_started),
  last_ended: ({ last_ended }) => toUnixMillis(last_ended),
  next_schedule: ({ next_schedule }) => toUnixMillis(next_schedule),
  duration: ({ last_started, last_ended }) => toUnixMillis(last_ended) - toUnixMillis(last_started),
  size: ({ size }) => bytesOf(size),
  failures: ({ consecutive_failures = 0 }) => consecutive_failures,
};

/** Failed, running, overdue, rest. */
function attentionOf({ status, stale, next_schedule }: MirrorStatus, now: number): number {
  switch (status) {
    case 'failed':
      return 0;
    case 'syncing':
    case 'pre-syncing':
      return 1;
    case 'paused':
    case 'disabled':
      return 3;
    default: {
      if (stale === true) return 2;
      const due = toUnixMillis(next_schedule);
      // the zero time is long before the epoch
      return due > 0 && due < now - overdueAfterMs ? 2 : 3;
    }
  }
}

const units = 'kmgtpe';

/** Bytes of a human size such as `1.33T`; -1 for what is none, such as `unknown`. */
function bytesOf(size: string): number {
  const [, digits, unit = ''] = /^([\d.,]+)\s*([kmgtpe]?)(?:i?b)?$/i.exec(size.trim()) ?? [];
  if (digits === undefined) return -1;
  const number = Number(digits.replaceAll(',', ''));
  return Number.isNaN(number)
    ? -1
    : number * 1024 ** (unit === '' ? 0 : units.indexOf(unit.toLowerCase()) + 1);
}

function compare(one: Key, other: Key): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
