import { describe, expect, test } from '@jest/globals';
import type { LogSearchReply } from '../site/api/types.js';
import type { LogSource, SearchQuery } from '../site/log-view/model/log-source.js';
import {
  firstHit,
  newSearch,
  searchPercent,
  stepHit,
  withReply,
  type SearchState,
} from '../site/log-view/search/search-state.js';

// modules that build URLs read the address of the page
Object.assign(globalThis, { document: { baseURI: 'http://manager/ui/' } });
const { ApiError } = await import('../site/api/http.js');
const { runSearch } = await import('../site/log-view/search/run-search.js');

const query: SearchQuery = { text: 'x', regex: false, matchCase: false };
const hit = (offset: number): LogSearchReply['hits'][number] => ({ offset, text: 'x', match: [0, 1] });
const offsets = ({ hits }: SearchState): number[] => hits.map(({ offset }) => offset);

/** A log of 1000 bytes; one request searches 300 of them. */
function sourceOf(at: readonly number[], asked: number[] = []): Pick<LogSource, 'search'> {
  return {
    search: (_log, _query, from, limit) => {
      asked.push(from);
      const found = at.filter((offset) => offset >= from && offset < from + 300);
      const hits = found.slice(0, limit).map(hit);
      const end = found.length > limit ? (found[limit] ?? 0) : Math.min(1000, from + 300);
      return Promise.resolve({ hits, end, size: 1000, complete: end >= 1000 });
    },
  };
}

const run = (
  source: Pick<LogSource, 'search'>,
  origin: number,
  options: { limit?: number; signal?: AbortSignal; onState?: (state: SearchState) => void } = {},
): Promise<SearchState> =>
  runSearch({
    source,
    log: 'a.log',
    query,
    origin,
    limit: options.limit ?? 100,
    signal: options.signal ?? new AbortController().signal,
    onState: options.onState ?? (() => undefined),
    pause: () => Promise.resolve(),
  });

describe('a search', () => {
  test('starts where the user looks, and wraps around', async () => {
    const asked: number[] = [];
    const percents: number[] = [];
    const state = await run(sourceOf([10, 350, 500, 999], asked), 400, {
      onState: (state) => percents.push(searchPercent(state)),
    });
    expect(state.phase).toBe('done');
    expect(offsets(state)).toEqual([10, 350, 500, 999]);
    expect(asked).toEqual([400, 700, 0, 300]);
    expect(percents).toEqual([0, 30, 60, 90, 99]);
  });

  test('returns matches after the place first', async () => {
    const seen: number[][] = [];
    await run(sourceOf([10, 500]), 400, { onState: (state) => seen.push(offsets(state)) });
    expect(seen[1]).toEqual([500]);
    expect(seen.at(-1)).toEqual([10, 500]);
  });

  test('returns no match twice, and skips none after a full answer', async () => {
    const state = await run(sourceOf([0, 1, 2, 3, 4, 5, 600]), 0, { limit: 2 });
    expect(offsets(state)).toEqual([0, 1, 2, 3, 4, 5, 600]);
  });

  test('for one line ends at the first match', async () => {
    const asked: number[] = [];
    const state = await run(sourceOf([650, 900], asked), 0, { limit: 1 });
    expect([state.phase, offsets(state), asked]).toEqual(['done', [650], [0, 300, 600]]);
  });

  test('can be cancelled, and keeps its matches', async () => {
    const abort = new AbortController();
    const state = await run(sourceOf([10, 999]), 0, {
      signal: abort.signal,
      onState: ({ hits }) => {
        if (hits.length > 0) abort.abort();
      },
    });
    expect([state.phase, offsets(state)]).toEqual(['cancelled', [10]]);
  });

  test("reports the worker's message about the expression", async () => {
    const error = new ApiError(400, 'q: missing closing ): (');
    const state = await run({ search: () => Promise.reject(error) }, 0);
    expect([state.phase, state.error]).toEqual(['failed', error]);
  });

  test('waits for a busy worker, but not forever', async () => {
    let busy = 3;
    const { search } = sourceOf([5]);
    const state = await run(
      {
        search: (...given) =>
          busy-- > 0 ? Promise.reject(new ApiError(503, '4 searches are under way')) : search(...given),
      },
      0,
    );
    expect([state.phase, offsets(state)]).toEqual(['done', [5]]);
    const never = await run({ search: () => Promise.reject(new ApiError(503, 'busy')) }, 0);
    expect(never.phase).toBe('failed');
  });

  test('ends with more matches than anyone steps through', () => {
    let state = newSearch(query, 0);
    for (let page = 0; state.phase === 'searching'; page++) {
      const hits = Array.from({ length: 1000 }, (_, index) => hit(page * 1000 + index));
      state = withReply(state, { hits, end: (page + 1) * 1000, size: 1e9, complete: false });
    }
    expect([state.phase, state.hits.length]).toEqual(['capped', 5000]);
  });
});

describe('a step', () => {
  const hits = [10, 20, 30].map(hit);

  test.each([
    [undefined, 1, 10],
    [undefined, -1, 30],
    [10, 1, 20],
    [30, 1, 10],
    [10, -1, 30],
    [25, 1, 30],
    [25, -1, 20],
  ] as const)('from %s by %s goes to %s', (from, step, to) => {
    expect(stepHit(hits, from, step)?.offset).toBe(to);
  });

  test('without matches goes nowhere', () => {
    expect(stepHit([], 5, 1)).toBeUndefined();
  });
});

describe('the first match', () => {
  const state = (offsets: number[], change: Partial<SearchState> = {}): SearchState => ({
    ...newSearch(query, 400),
    hits: offsets.map(hit),
    next: 700,
    ...change,
  });

  test('is the one after the place, as soon as it is known', () => {
    expect(firstHit(state([400]), 399)?.offset).toBe(400);
    expect(firstHit(state([500]), 399)?.offset).toBe(500);
  });

  test('is not the current one when the search continues after it while there may be others', () => {
    expect(firstHit(state([400]), 400)).toBeUndefined();
    expect(firstHit(state([400, 900]), 400)?.offset).toBe(900);
  });

  test('is the first of all if none is after the place', () => {
    expect(firstHit(state([10, 400], { next: 300 }), 400)?.offset).toBe(10);
    expect(firstHit(state([400], { phase: 'done', next: 400 }), 400)?.offset).toBe(400);
    expect(firstHit(state([], { phase: 'done' }), 400)).toBeUndefined();
  });
});
