import type { LogSearchReply } from '../../api/types.js';
import type { SearchQuery } from '../model/log-source.js';

/** A line with a match. */
export type SearchHit = LogSearchReply['hits'][number];

/** A search in a log, and its progress. */
export interface SearchState {
  readonly query: SearchQuery;
  /** Offset of the line where it started: the lines after it are searched first, then those before it. */
  readonly origin: number;
  /** In the order of the log. */
  readonly hits: readonly SearchHit[];
  /** Bytes that were searched, and size of the log. */
  readonly searched: number;
  readonly size: number;
  /** Offset of the next request. */
  readonly next: number;
  readonly phase: 'searching' | 'done' | 'capped' | 'cancelled' | 'failed';
  readonly error: unknown;
}

/** Most matches that are kept: more than anyone steps through. */
export const mostHits = 5000;

/** A search without answers yet. */
export function newSearch(query: SearchQuery, origin: number): SearchState {
  return {
    query,
    origin,
    hits: [],
    searched: 0,
    size: 0,
    next: origin,
    phase: 'searching',
    error: undefined,
  };
}

/** Applies an answer to a search from `state.next` on. */
export function withReply(state: SearchState, { hits, end, size, complete }: LogSearchReply): SearchState {
  const { origin, next } = state;
  const isBehind = next >= origin;
  // before the start, no match is counted twice
  const news = isBehind ? hits : hits.filter(({ offset }) => offset < origin);
  const merged = mergeHits(state.hits, news);
  const to = isBehind ? end : Math.min(end, origin);
  const searched = state.searched + Math.max(0, to - next);
  const isOver = isBehind ? complete && origin === 0 : end >= origin || complete;
  const isCapped = merged.length >= mostHits && !isOver;
  return {
    ...state,
    hits: merged.slice(0, mostHits),
    searched,
    size,
    next: isBehind && complete ? (origin === 0 ? end : 0) : end,
    phase: isOver ? 'done' : isCapped ? 'capped' : 'searching',
  };
}

/** The match after or before an offset, wrapping around; undefined without matches. */
export function stepHit(
  hits: readonly SearchHit[],
  from: number | undefined,
  step: 1 | -1,
): SearchHit | undefined {
  if (from === undefined) return step === 1 ? hits[0] : hits.at(-1);
  return step === 1
    ? (hits.find(({ offset }) => offset > from) ?? hits[0])
    : (hits.findLast(({ offset }) => offset < from) ?? hits.at(-1));
}

/** The first match to go to: after an offset or, if everything after it was searched, the first of all. */
export function firstHit(state: SearchState, from: number): SearchHit | undefined {
  const isBehindDone = state.phase !== 'searching' || state.next < state.origin;
  const hit = stepHit(state.hits, from, 1);
  return hit === undefined || hit.offset > from || isBehindDone ? hit : undefined;
}

/** Progress, whole percent. */
export function searchPercent({ searched, size }: SearchState): number {
  return size === 0 ? 0 : Math.min(99, Math.floor((100 * searched) / size));
}

function mergeHits(hits: readonly SearchHit[], news: readonly SearchHit[]): SearchHit[] {
  const known = new Set(hits.map(({ offset }) => offset));
  const merged = [...hits, ...news.filter(({ offset }) => !known.has(offset))];
  return merged.sort((one, other) => one.offset - other.offset);
}
