import type { Query } from '../../../api/manager-root.js';
import type { JobSort, JobState } from '../../../api/types.js';

/** The filters and the order of the table, which the page's address contains. */
export interface MirrorsView {
  readonly q: string;
  /** None: all. */
  readonly states: readonly JobState[];
  /** Empty: all. */
  readonly worker: string;
  readonly sort: JobSort;
  readonly order: 'asc' | 'desc';
}

/** States in the order of their chips: those that need attention first. */
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

/** Sort keys; the first one is the default. */
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

/** Maximum length of a search, characters. */
export const mostSearched = 200;

/** Parses an address. Invalid values are ignored: the address may be old or typed by hand. */
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

/** The part of an address after the `?`. Defaults are omitted, so that equal views have equal addresses. */
export function writeView({ q, states, worker, sort, order }: MirrorsView): string {
  const params = new URLSearchParams();
  if (q !== '') params.set('q', q);
  if (states.length > 0) params.set('state', states.join(','));
  if (worker !== '') params.set('worker', worker);
  if (sort !== 'attention') params.set('sort', sort);
  if (order !== 'asc') params.set('order', order);
  // commas need no escape there, and people read addresses
  return params.toString().replaceAll('%2C', ',');
}

/** The query for a view, without offset and limit. */
export function queryOf({ q, states, worker, sort, order }: MirrorsView): Query {
  return { q: q.trim(), state: states.join(','), worker, sort, order };
}

/** Whether a view filters. */
export function isFiltered({ q, states, worker }: MirrorsView): boolean {
  return q.trim() !== '' || states.length > 0 || worker !== '';
}

/** Adds a state, or removes it. */
export function toggleState(states: readonly JobState[], state: JobState): JobState[] {
  return chipStates.filter((one) => (one === state ? !states.includes(one) : states.includes(one)));
}
