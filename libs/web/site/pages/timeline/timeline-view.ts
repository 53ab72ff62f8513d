import type { Query } from '../../api/manager-root.js';

/** Hours that can be shown, half of them before and half after now. */
export const windows = [6, 24, 48] as const;
/** Hours that are shown. */
export type Hours = (typeof windows)[number];

/** What the timeline shows: what the page's address says. */
export interface TimelineView {
  readonly hours: Hours;
  /** Empty: all. */
  readonly worker: string;
  readonly isList: boolean;
  /** A time to look at, milliseconds since the Unix epoch. */
  readonly at: number | undefined;
}

/** What an address says; what it says wrongly is left out. */
export function readView(search: string): TimelineView {
  const params = new URLSearchParams(search);
  const at = Date.parse(params.get('at') ?? '');
  return {
    hours: windows.find((hours) => String(hours) === params.get('hours')) ?? 24,
    worker: params.get('worker') ?? '',
    isList: params.get('view') === 'list',
    at: Number.isNaN(at) ? undefined : at,
  };
}

/** What stands behind the `?` for a view; what is as usual is left out. */
export function writeView({ hours, worker, isList, at }: TimelineView): string {
  const params = new URLSearchParams();
  if (hours !== 24) params.set('hours', String(hours));
  if (worker !== '') params.set('worker', worker);
  if (isList) params.set('view', 'list');
  if (at !== undefined) params.set('at', new Date(at).toISOString());
  return params.toString();
}

/** What the manager is asked for a view. */
export function queryOf({ hours, worker }: TimelineView): Query {
  return { past: hours / 2, future: hours / 2, worker };
}
