import { ApiError } from '../../api/http.js';
import type { LogSource, SearchQuery } from '../model/log-source.js';
import { newSearch, withReply, type SearchState } from './search-state.js';

/** Options of {@link runSearch}. */
export interface RunSearchOptions {
  source: Pick<LogSource, 'search'>;
  log: string;
  query: SearchQuery;
  /** Offset of the line to start with. */
  origin: number;
  /** Most lines per request; with 1, the search ends at the first match. */
  limit: number;
  /** Receives the state after each answer. */
  onState: (state: SearchState) => void;
  signal: AbortSignal;
  /** Waits before a busy worker is asked again. @defaultValue one second */
  pause?: (() => Promise<void>) | undefined;
}

/** Most requests to a busy worker. */
const mostTries = 20;

/**
 * Searches a complete log, one request after the other; each takes a few seconds at most. Resolves to the final
 * state.
 */
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
