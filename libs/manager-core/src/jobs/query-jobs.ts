import {
  syncStatuses,
  type ApiJobsQuery,
  type JobCounts,
  type JobSort,
  type JobStateCounts,
} from '@tunasync/protocol';
import type { JobEntry } from './job-entry.js';
import { countJobs } from './job-index.js';
import type { Snapshot } from './snapshot.js';

/** Jobs that a query leaves. */
export interface JobPage {
  total: number;
  counts: JobCounts;
  states: JobStateCounts;
  /** Those of the page. */
  page: JobEntry[];
}

/** What is searched. */
export interface QueriedJobs {
  /** By name, then by worker. */
  all: readonly JobEntry[];
  snapshot: Snapshot;
  /** How many there are of all, in each state. */
  counts: () => JobCounts;
  states: () => JobStateCounts;
}

/** Milliseconds after its time at which a job that has not begun is overdue. */
const overdueAfterMs = 10 * 60_000;

/** Filters, sorts and cuts out a page. Those that are equal come by name, then by worker. */
export function queryJobs(
  { all, snapshot, counts, states }: QueriedJobs,
  { q = '', worker = '', status, state, ...cut }: ApiJobsQuery,
): JobPage {
  const part = q.toLowerCase();
  const isWhole = part === '' && worker === '';
  const inScope = isWhole
    ? all
    : all.filter(
        (entry) =>
          (worker === '' || entry.status.worker === worker) && (part === '' || entry.text.includes(part)),
      );
  const found =
    status === undefined && state === undefined
      ? inScope
      : inScope.filter(
          (entry) =>
            (status === undefined || status.includes(entry.status.status)) &&
            (state === undefined || state.includes(snapshot.stateOf(entry))),
        );
  return {
    total: found.length,
    counts: isWhole ? counts() : countJobs(inScope),
    states: isWhole ? states() : snapshot.countStates(inScope),
    page: pageOf(found, cut, snapshot.now),
  };
}

type Cut = Pick<ApiJobsQuery, 'sort' | 'order' | 'offset' | 'limit'>;

/** Sorts only as much as the page needs. */
function pageOf(found: readonly JobEntry[], { sort, order, offset, limit }: Cut, now: number): JobEntry[] {
  const end = offset + limit;
  if (sort === 'name') {
    if (order === 'asc') return found.slice(offset, end);
    return [...found].sort((one, other) => compare(other.status.name, one.status.name)).slice(offset, end);
  }
  const keyOf = sort === 'worker' ? rankOfWorker(found) : keys[sort];
  const sign = order === 'desc' ? -1 : 1;
  // what is not known comes last in either order
  const values = Float64Array.from(
    found,
    (entry) => sign * (keyOf(entry, now) ?? sign * Number.POSITIVE_INFINITY),
  );
  const last = end < values.length ? (values.slice().sort()[end - 1] ?? 0) : Number.POSITIVE_INFINITY;
  // of those that are equal to the last one of the page, only as many as there is room for
  let room = end - values.reduce((count, value) => (value < last ? count + 1 : count), 0);
  const front: { entry: JobEntry; value: number }[] = [];
  found.forEach((entry, index) => {
    const value = values[index] ?? 0;
    if (value < last || (value === last && room-- > 0)) front.push({ entry, value });
  });
  // they are in order of their names, which sorting keeps
  front.sort((one, other) => compare(one.value, other.value));
  return front.slice(offset, end).map(({ entry }) => entry);
}

const keys: Readonly<
  Record<Exclude<JobSort, 'name' | 'worker'>, (entry: JobEntry, now: number) => number | undefined>
> = {
  attention: attentionOf,
  status: ({ status }) => syncStatuses.indexOf(status.status),
  last_update: ({ read }) => orUnknown(read.lastUpdate),
  last_started: ({ read }) => orUnknown(read.lastStarted),
  last_ended: ({ read }) => orUnknown(read.lastEnded),
  next_schedule: ({ read }) => orUnknown(read.nextSchedule),
  duration: ({ read }) => read.duration,
  size: ({ read }) => read.size,
  failures: ({ status: { consecutive_failures = 0 } }) => consecutive_failures,
};

const orUnknown = (time: number): number | undefined => (time === 0 ? undefined : time);

function rankOfWorker(found: readonly JobEntry[]): (entry: JobEntry) => number | undefined {
  const ids = [...new Set(found.map(({ status }) => status.worker))].sort(compare);
  const ranks = new Map(ids.map((id, rank) => [id, rank]));
  return ({ status }) => ranks.get(status.worker);
}

/** Failed, running, overdue or stale, rest. */
function attentionOf(entry: JobEntry, now: number): number {
  switch (entry.status.status) {
    case 'failed':
      return 0;
    case 'syncing':
    case 'pre-syncing':
      return 1;
    case 'paused':
    case 'disabled':
      return 3;
    default: {
      const { nextSchedule } = entry.read;
      const isOverdue = nextSchedule > 0 && nextSchedule < now - overdueAfterMs;
      return isOverdue || entry.isStale(now) ? 2 : 3;
    }
  }
}

function compare(one: number | string, other: number | string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
