import type { Query } from '../../api/manager-root.js';

/** Window lengths, hours: half before and half after now. */
export const windows = [6, 24, 48] as const;
/** A window length, hours. */
export type Hours = (typeof windows)[number];

/** The options of the timeline, which the page's address contains. */
export interface TimelineView {
  readonly hours: Hours;
  /** Empty: all. */
  readonly worker: string;
  readonly isList: boolean;
  /** A time of interest, milliseconds since the Unix epoch. */
  readonly at: number | undefined;
}

/** Parses an address. Invalid values are ignored. */
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

/** The part of an address after the `?`. Defaults are omitted. */
export function writeView({ hours, worker, isList, at }: TimelineView): string {
  const params = new URLSearchParams();
  if (hours !== 24) params.set('hours', String(hours));
  if (worker !== '') params.set('worker', worker);
  if (isList) params.set('view', 'list');
  if (at !== undefined) params.set('at', new Date(at).toISOString());
  return params.toString();
}

/** The query for a view. */
export function queryOf({ hours, worker }: TimelineView): Query {
  return { past: hours / 2, future: hours / 2, worker };
}
