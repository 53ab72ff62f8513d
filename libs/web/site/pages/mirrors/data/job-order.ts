import type { ApiJob, JobSort } from '../../../api/types.js';
import { bytesOf } from '../../../ui/size-text.js';
import type { MirrorsView } from './mirrors-view.js';

/** The sort key of a job: it changes only if the job would move. */
type Key = string | number;

/** Milliseconds after its due time at which a job is overdue, as in the manager. */
const overdueAfterMs = 10 * 60_000;

const statuses = ['none', 'failed', 'success', 'syncing', 'pre-syncing', 'paused', 'disabled'];

/** The sort key of a job in the manager. @param now - milliseconds since the Unix epoch */
export function sortKey(job: ApiJob, sort: JobSort, now: number): Key {
  switch (sort) {
    case 'attention':
      return attentionOf(job, now);
    case 'name':
      return job.name;
    case 'worker':
      return job.worker;
    case 'status':
      return statuses.indexOf(job.status);
    case 'last_update':
    case 'last_started':
    case 'last_ended':
    case 'next_schedule':
      return Date.parse(job[sort]);
    case 'duration':
      return Date.parse(job.last_ended) - Date.parse(job.last_started);
    case 'size':
      return bytesOf(job.size) ?? -1;
    case 'failures':
      return job.consecutive_failures ?? 0;
  }
}

/** Below 0 if the first job comes first. */
export function compareJobs(one: ApiJob, other: ApiJob, { sort, order }: MirrorsView, now: number): number {
  const sign = order === 'desc' ? -1 : 1;
  return (
    sign * compare(sortKey(one, sort, now), sortKey(other, sort, now)) ||
    compare(one.name, other.name) ||
    compare(one.worker, other.worker)
  );
}

/** Whether a view shows a job. */
export function fitsView(job: ApiJob, { q, states, worker }: MirrorsView): boolean {
  const part = q.trim().toLowerCase();
  return (
    (worker === '' || job.worker === worker) &&
    (states.length === 0 || states.includes(job.state)) &&
    (part === '' || job.name.toLowerCase().includes(part) || job.upstream.toLowerCase().includes(part))
  );
}

/** Rank by attention: failed, running, overdue, other. */
function attentionOf({ status, stale, next_schedule }: ApiJob, now: number): number {
  if (status === 'failed') return 0;
  if (status === 'syncing' || status === 'pre-syncing') return 1;
  if (status === 'paused' || status === 'disabled') return 3;
  const due = Date.parse(next_schedule);
  return stale === true || (due > 0 && due < now - overdueAfterMs) ? 2 : 3;
}

function compare(one: Key, other: Key): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
