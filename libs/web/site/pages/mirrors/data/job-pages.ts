import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { getJson } from '../../../api/http.js';
import type { ApiJob, ApiJobs } from '../../../api/types.js';
import { queryOf, type MirrorsView } from './mirrors-view.js';

/** Rows that are asked for at a time. */
export const pageSize = 100;
/** The most rows that the manager gives at a time. */
const mostAtOnce = 1000;
/** Pages on either side of what is seen that are kept. */
const pagesKept = 8;

/** A part of the list, kept up to date, and as it was when it was asked for: by that its rows are in order. */
export interface JobsPage extends ApiJobs {
  readonly loaded: readonly ApiJob[];
}

/** A part of the list. Its key begins with what events patch. */
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
    // equal rows of another answer would be taken for the old ones, which is slower than it is worth
    structuralSharing: false,
  });
}

/** How many jobs there are in each state; the filter by state does not count. */
export function jobCounts({ q, worker }: MirrorsView) {
  const query = { q: q.trim(), worker, limit: 1 };
  return queryOptions({
    queryKey: ['jobs', query],
    queryFn: ({ signal }) => getJson<ApiJobs>('/api/jobs', query, signal),
  });
}

/** The pages that rows are on. */
export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / pageSize);
  const to = Math.floor(Math.max(0, last) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Forgets pages that are far from those that are seen. The first one stays. */
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

/** Asks for rows, wherever they are in the list. @param last - inclusive */
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

/** Asks for all rows of a view: by name, as that order does not change meanwhile. */
export function askAll(view: MirrorsView): Promise<ApiJob[]> {
  return askRows({ ...view, sort: 'name', order: 'asc' }, 0, Number.MAX_SAFE_INTEGER);
}
