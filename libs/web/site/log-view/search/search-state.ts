import type { LogSearchReply } from '../../api/types.js';
import type { SearchQuery } from '../model/log-source.js';

/** A line with a match. */
export type SearchHit = LogSearchReply['hits'][number];

/** A search in a log, as far as it is. */
export interface SearchState {
  readonly query: SearchQuery;
  /** Offset of the line with which it began: what is behind it comes first, then what is in front of it. */
  readonly origin: number;
  /** In the order of the log. */
  readonly hits: readonly SearchHit[];
  /** Bytes that were searched, and those of the log. */
  readonly searched: number;
  readonly size: number;
  /** Where to go on. */
  readonly next: number;
  readonly phase: 'searching' | 'done' | 'capped' | 'cancelled' | 'failed';
  readonly error: unknown;
}

/** The most hits that are kept: more than anybody steps through. */
export const mostHits = 5000;

/** A search that has not asked yet. */
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

/** An answer was given to a search from `state.next` on. */
export function withReply(state: SearchState, { hits, end, size, complete }: LogSearchReply): SearchState {
  const { origin, next } = state;
  const isBehind = next >= origin;
  // in front of where it began, nothing is taken twice
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

/** The hit after an offset or in front of it, all around; undefined without hits. */
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

/** The hit to go to first: behind an offset or, when all that is behind was searched, the first of all. */
export function firstHit(state: SearchState, from: number): SearchHit | undefined {
  const isBehindDone = state.phase !== 'searching' || state.next < state.origin;
  const hit = stepHit(state.hits, from, 1);
  return hit === undefined || hit.offset > from || isBehindDone ? hit : undefined;
}

/** How far it is, in whole percent. */
export function searchPercent({ searched, size }: SearchState): number {
  return size === 0 ? 0 : Math.min(99, Math.floor((100 * searched) / size));
}

function mergeHits(hits: readonly SearchHit[], news: readonly SearchHit[]): SearchHit[] {
  const known = new Set(hits.map(({ offset }) => offset));
  const merged = [...hits, ...news.filter(({ offset }) => !known.has(offset))];
  return merged.sort((one, other) => one.offset - other.offset);
}
