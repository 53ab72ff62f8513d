import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogModel } from '../model/log-model.js';
import type { LogSource, SearchQuery } from '../model/log-source.js';
import { errorWords } from './error-words.js';
import { runSearch } from './run-search.js';
import { firstHit, stepHit, type SearchHit, type SearchState } from './search-state.js';

/** A search in the log that is shown. */
export interface LogSearch {
  /** Undefined while nothing is searched for. */
  readonly state: SearchState | undefined;
  /** The match that the view went to. */
  readonly current: SearchHit | undefined;
  /** The search for the first error, while it runs and if it found none. */
  readonly errors: SearchState | undefined;
  start: (query: SearchQuery) => void;
  step: (direction: 1 | -1) => void;
  /** Stops the search; its matches stay. */
  cancel: () => void;
  clear: () => void;
  /** @param onFound - receives the offset of the line */
  findError: (onFound: (offset: number) => void) => void;
}

/** Lines per request. */
const pageOfHits = 1000;

/** Searches the log that a model shows. @param seenFrom - returns the offset of the first visible line */
export function useLogSearch(
  source: LogSource,
  model: LogModel,
  log: string,
  seenFrom: () => number,
): LogSearch {
  const [state, setState] = useState<SearchState>();
  const [current, setCurrent] = useState<SearchHit>();
  const [errors, setErrors] = useState<SearchState>();
  const running = useRef(new AbortController());

  const go = useCallback(
    (hit: SearchHit | undefined) => {
      if (hit === undefined) return;
      setCurrent(hit);
      void model.jump(hit.offset);
    },
    [model],
  );
  const cancel = useCallback(() => {
    running.current.abort();
  }, []);
  const clear = useCallback(() => {
    running.current.abort();
    setState(undefined);
    setCurrent(undefined);
    setErrors(undefined);
  }, []);
  // matches in one log mean nothing in another
  useEffect(() => clear, [log, clear]);

  /** @param last - the match after which to continue */
  const begin = (query: SearchQuery, last?: SearchHit): void => {
    clear();
    setCurrent(last);
    const search = new AbortController();
    running.current = search;
    const origin = last?.offset ?? seenFrom();
    let isFirst = true;
    void runSearch({
      source,
      // the view may have changed to another log in the meantime
      log: model.state.log,
      query,
      origin,
      limit: pageOfHits,
      signal: search.signal,
      onState: (next) => {
        if (running.current !== search) return;
        setState(next);
        const hit = firstHit(next, last === undefined ? origin - 1 : origin);
        if (!isFirst || hit === undefined) return;
        isFirst = false;
        go(hit);
      },
    });
  };
  const step = (direction: 1 | -1): void => {
    if (state === undefined) return;
    const isLast = direction === 1 && current?.offset === state.hits.at(-1)?.offset;
    // there are more than were kept, or the log has grown since
    const isMore = state.phase === 'capped' || (state.phase === 'done' && model.state.size > state.size);
    if (isLast && isMore) begin(state.query, current);
    else go(stepHit(state.hits, current?.offset, direction));
  };
  const findError = (onFound: (offset: number) => void): void => {
    clear();
    const search = new AbortController();
    running.current = search;
    const query = { text: errorWords, regex: true, matchCase: true };
    void runSearch({
      source,
      log: model.state.log,
      query,
      origin: 0,
      limit: 1,
      signal: search.signal,
      onState: (next) => {
        if (running.current !== search) return;
        const [hit] = next.hits;
        setErrors(hit === undefined && next.phase !== 'cancelled' ? next : undefined);
        if (hit !== undefined) onFound(hit.offset);
      },
    });
  };
  const start = (query: SearchQuery): void => {
    begin(query);
  };
  return { state, current, errors, start, step, cancel, clear, findError };
}
