import { ApiError } from '../../api/http.js';
import type { LogSource, SearchQuery } from '../model/log-source.js';
import { newSearch, withReply, type SearchState } from './search-state.js';

/** What {@link runSearch} needs. */
export interface RunSearchOptions {
  source: Pick<LogSource, 'search'>;
  log: string;
  query: SearchQuery;
  /** Offset of the line to begin with. */
  origin: number;
  /** The most lines that one request gives; the search ends with the first hit when it is 1. */
  limit: number;
  /** How far it is, after each answer. */
  onState: (state: SearchState) => void;
  signal: AbortSignal;
  /** Waits before a busy worker is asked again. @defaultValue a second */
  pause?: (() => Promise<void>) | undefined;
}

/** So often a busy worker is asked again. */
const mostTries = 20;

/** Searches a whole log, a request after the other: each takes a few seconds at most. Resolves to how it ended. */
export async function runSearch(options: RunSearchOptions): Promise<SearchState> {
  const { source, log, query, limit, onState, signal, pause = aSecond } = options;
  let state = newSearch(query, options.origin);
  let tries = 0;
  onState(state);
  while (state.phase === 'searching') {
    try {
      const reply = await source.search(log, query, state.next, limit, signal);
      tries = 0;
      state = withReply(state, reply);
      if (limit === 1 && state.hits.length > 0) state = { ...state, phase: 'done' };
    } catch (error) {
      if (signal.aborted) state = { ...state, phase: 'cancelled' };
      else if (error instanceof ApiError && error.status === 503 && ++tries < mostTries) await pause();
      else state = { ...state, phase: 'failed', error };
    }
    if (signal.aborted && state.phase === 'searching') state = { ...state, phase: 'cancelled' };
    onState(state);
  }
  return state;
}

function aSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000));
}
