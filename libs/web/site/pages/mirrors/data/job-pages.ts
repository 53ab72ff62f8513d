import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { getJson } from '../../../api/http.js';
import type { ApiJob, ApiJobs } from '../../../api/types.js';
import { queryOf, type MirrorsView } from './mirrors-view.js';

/** Rows per request. */
export const pageSize = 100;
/** Most rows per request that the manager accepts. */
const mostAtOnce = 1000;
/** Pages that are kept on either side of the visible ones. */
const pagesKept = 8;

/** A part of the list: up to date, and as it was when loaded, which determines the order of its rows. */
export interface JobsPage extends ApiJobs {
  readonly loaded: readonly ApiJob[];
}

/** Query for a part of the list. Events patch it by the first part of its key. */
export function jobsPage(view: MirrorsView, page: number) {
  const query = { ...queryOf(view), offset: page * pageSize, limit: pageSize };
  return queryOptions({
    queryKey: ['jobs', query],
    queryFn: async ({ signal }): Promise<JobsPage> => {
      const answer = await getJson<ApiJobs>('/api/jobs', query, signal);
      return { ...answer, loaded: answer.jobs };
    },
    staleTime: Infinity,
    gcTime: 60_000,
    // comparing rows of two answers costs more than it saves
    structuralSharing: false,
  });
}

/** Query for the number of jobs in each state, whatever the filter by state. */
export function jobCounts({ q, worker }: MirrorsView) {
  const query = { q: q.trim(), worker, limit: 1 };
  return queryOptions({
    queryKey: ['jobs', query],
    queryFn: ({ signal }) => getJson<ApiJobs>('/api/jobs', query, signal),
  });
}

/** The pages that contain a range of rows. */
export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / pageSize);
  const to = Math.floor(Math.max(0, last) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Drops pages that are far from the visible ones, except the first. */
export function dropFarPages(client: QueryClient, seen: readonly number[]): void {
  const from = Math.min(...seen) - pagesKept;
  const to = Math.max(...seen) + pagesKept;
  client.removeQueries({
    queryKey: ['jobs'],
    type: 'inactive',
    predicate: ({ queryKey: [, query] }) => {
      const offset = (query as { offset?: number } | undefined)?.offset;
      if (offset === undefined || offset === 0) return false;
      return offset < from * pageSize || offset > to * pageSize;
    },
  });
}

/** Requests a range of rows. @param last - inclusive */
export async function askRows(view: MirrorsView, first: number, last: number): Promise<ApiJob[]> {
  const jobs: ApiJob[] = [];
  for (let offset = first; offset <= last; offset += mostAtOnce) {
    const limit = Math.min(mostAtOnce, last - offset + 1);
    const answer = await getJson<ApiJobs>('/api/jobs', { ...queryOf(view), offset, limit });
    jobs.push(...answer.jobs);
    if (answer.jobs.length < limit) break;
  }
  return jobs;
}

/** Requests all rows of a view, sorted by name, as that order does not change between requests. */
export function askAll(view: MirrorsView): Promise<ApiJob[]> {
  return askRows({ ...view, sort: 'name', order: 'asc' }, 0, Number.MAX_SAFE_INTEGER);
}
