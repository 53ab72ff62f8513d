import type { StreamState } from '../follow/follow-log.js';
import { follow, type FollowState } from '../follow/follow-state.js';
import type { StreamEvent } from '../follow/stream-events.js';
import type { LoadedRows } from '../lines/load-rows.js';
import { append, emptyWindow, prepend, trim, windowOf, type LogWindow } from '../lines/log-window.js';
import type { LogRow } from '../lines/rows.js';

/** The state of the log that is shown. */
export interface LogState {
  /** Its name, without `.fail`. */
  readonly log: string;
  /** `stale`: the rows no longer match the file. */
  readonly phase: 'loading' | 'ready' | 'failed' | 'stale';
  /** The last error of a read. */
  readonly error: unknown;
  readonly window: LogWindow;
  /** The end of the log, if it is an incomplete line. */
  readonly rest: LogRow | undefined;
  /** Size of the log as far as known, bytes. */
  readonly size: number;
  /** Whether it is the newest one, which is followed. */
  readonly isNewest: boolean;
  readonly follow: FollowState;
  readonly stream: StreamState;
  /** The previous log, if the view changed to this one automatically. */
  readonly previous: string | undefined;
  /** A newer log, or the deletion of this one. */
  readonly notice: { readonly kind: 'next' | 'gone'; readonly log: string } | undefined;
  /** The wanted place of the view; `id` distinguishes requests. */
  readonly wish: { readonly offset: number; readonly align: 'start' | 'center' | 'end'; readonly id: number };
  readonly loading: 'before' | 'after' | 'jump' | undefined;
  /** The last lines from the stream: a read may end before them. */
  readonly recent: readonly LogRow[];
}

const mostRecent = 1000;

/** The state of a log before anything has been read. */
export function newState(log: string, isNewest: boolean, atEnd: boolean): LogState {
  return {
    log,
    phase: 'loading',
    error: undefined,
    window: emptyWindow(),
    rest: undefined,
    size: 0,
    isNewest,
    follow: { following: isNewest && atEnd, unseen: 0 },
    stream: 'connecting',
    previous: undefined,
    notice: undefined,
    wish: { offset: 0, align: 'start', id: 0 },
    loading: undefined,
    recent: [],
  };
}

/** Whether the window reaches the end of the log. */
export function isAtTail({ window, rest, size }: LogState): boolean {
  return (rest?.start === window.end ? rest.end : window.end) >= size;
}

/** Replaces the window by another part of the log. */
export function withWindow(state: LogState, { rows, start, rest, size }: LoadedRows): LogState {
  return afterLoad({ ...state, phase: 'ready', error: undefined }, windowOf(rows, start), rest, size);
}

/** Adds rows at one side of the window; the other side is trimmed to the limits. */
export function withMore(
  state: LogState,
  side: 'before' | 'after',
  { rows, rest, size }: LoadedRows,
): LogState {
  const known = { ...state, error: undefined, loading: undefined };
  if (side === 'after') return afterLoad(known, trim(append(state.window, rows), 'front'), rest, size);
  const window = prepend(state.window, rows);
  return { ...known, window: state.follow.following ? window : trim(window, 'back') };
}

function afterLoad(state: LogState, loaded: LogWindow, rest: LogRow | undefined, size: number): LogState {
  const window = append(loaded, state.recent);
  // the stream's version of the last line is newer
  const newest = rest?.start === window.end && rest.start !== state.rest?.start ? rest : state.rest;
  return withRest({ ...state, window, size: Math.max(size, window.end) }, newest);
}

/** An incomplete last line extends to the end of the log; the stream does not report its length. */
function withRest(state: LogState, rest: LogRow | undefined): LogState {
  const size = Math.max(state.size, rest?.end ?? 0);
  return { ...state, size, rest: rest?.start === state.window.end ? { ...rest, end: size } : rest };
}

/** Applies events of the stream. */
export function withEvents(state: LogState, events: readonly StreamEvent[]): LogState {
  let next = state;
  let rows: LogRow[] = [];
  const takeRows = (): void => {
    if (rows.length > 0) next = withRows(next, rows);
    rows = [];
  };
  for (const event of events) {
    if (event.kind === 'row') {
      if (event.log === next.log) rows.push(event.row);
      continue;
    }
    takeRows();
    next = withEvent(next, event);
  }
  takeRows();
  return next;
}

function withRows(state: LogState, rows: readonly LogRow[]): LogState {
  const end = rows.at(-1)?.end ?? 0;
  const news = rows.filter((row) => row.end > state.window.end && row.end > (state.recent.at(-1)?.end ?? 0));
  const appended = append(state.window, rows);
  const front = trim(appended, 'front');
  // a user who reads further up keeps that part; new lines are read when the user scrolls to them
  const window = state.follow.following ? front : front === appended ? appended : state.window;
  return {
    ...state,
    window,
    rest: state.rest !== undefined && state.rest.start < end ? undefined : state.rest,
    size: Math.max(state.size, end),
    follow: follow(state.follow, { kind: 'lines', count: news.length }),
    notice: state.notice?.kind === 'gone' ? undefined : state.notice,
    recent: [...state.recent, ...rows].slice(-mostRecent),
  };
}

function withEvent(state: LogState, event: Exclude<StreamEvent, { kind: 'row' }>): LogState {
  switch (event.kind) {
    case 'rest':
      return event.log === state.log ? withRest(state, event.row) : state;
    case 'log':
      return withLog(state, event.log, event.reason);
    case 'gone':
      return event.log === state.log ? { ...state, notice: { kind: 'gone', log: event.log } } : state;
    case 'lag':
      return { ...state, recent: [], size: state.size + (event.bytes ?? 0) };
  }
}

function withLog(state: LogState, log: string, reason: string): LogState {
  if (log === state.log) {
    return reason === 'truncated' || reason === 'replaced' ? { ...state, phase: 'stale' } : state;
  }
  if (!state.follow.following) return { ...state, notice: { kind: 'next', log } };
  return {
    ...newState(log, true, true),
    phase: 'ready',
    stream: state.stream,
    previous: state.log,
    wish: state.wish,
  };
}
