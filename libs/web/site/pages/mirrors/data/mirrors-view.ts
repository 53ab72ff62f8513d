import type { Query } from '../../../api/manager-root.js';
import type { JobSort, JobState } from '../../../api/types.js';

/** Which mirrors the table shows, and in which order: what the page's address says. */
export interface MirrorsView {
  readonly q: string;
  /** None: all. */
  readonly states: readonly JobState[];
  /** Empty: all. */
  readonly worker: string;
  readonly sort: JobSort;
  readonly order: 'asc' | 'desc';
}

/** States in the order of their chips: what needs somebody comes first. */
export const chipStates = [
  'failed',
  'stale',
  'syncing',
  'waiting',
  'paused',
  'disabled',
  'none',
  'success',
] as const satisfies readonly JobState[];

/** What can be sorted by; the first is the order of an address that names none. */
export const viewSorts = [
  'attention',
  'name',
  'worker',
  'status',
  'last_update',
  'last_started',
  'last_ended',
  'next_schedule',
  'duration',
  'size',
  'failures',
] as const satisfies readonly JobSort[];

/** The most characters that can be searched for. */
export const mostSearched = 200;

/** What an address says. What it says wrongly is left out: it may be old or typed by hand. */
export function readView(search: string): MirrorsView {
  const params = new URLSearchParams(search);
  const wanted = (params.get('state') ?? '').split(',');
  return {
    q: (params.get('q') ?? '').slice(0, mostSearched),
    states: chipStates.filter((state) => wanted.includes(state)),
    worker: params.get('worker') ?? '',
    sort: viewSorts.find((sort) => sort === params.get('sort')) ?? 'attention',
    order: params.get('order') === 'desc' ? 'desc' : 'asc',
  };
}

/** What stands behind the `?` for a view; what is as usual is left out, so that equal views have equal addresses. */
export function writeView({ q, states, worker, sort, order }: MirrorsView): string {
  const params = new URLSearchParams();
  if (q !== '') params.set('q', q);
  if (states.length > 0) params.set('state', states.join(','));
  if (worker !== '') params.set('worker', worker);
  if (sort !== 'attention') params.set('sort', sort);
  if (order !== 'asc') params.set('order', order);
  // a comma needs no escape there, and people read addresses
  return params.toString().replaceAll('%2C', ',');
}

/** What the manager is asked for a view, without which part of it. */
export function queryOf({ q, states, worker, sort, order }: MirrorsView): Query {
  return { q: q.trim(), state: states.join(','), worker, sort, order };
}

/** Whether a view leaves anything out. */
export function isFiltered({ q, states, worker }: MirrorsView): boolean {
  return q.trim() !== '' || states.length > 0 || worker !== '';
}

/** The states with one more or one less. */
export function toggleState(states: readonly JobState[], state: JobState): JobState[] {
  return chipStates.filter((one) => (one === state ? !states.includes(one) : states.includes(one)));
}
