import { expect, test } from '@jest/globals';
import { CachedStore, memoryStore, type StoreChange } from '@tunasync/store';
import { FakeClock } from '@tunasync/test-utils';
import { RunIndex } from '../src/runs/run-index.js';
import { runOf } from './run-of.js';

const minute = 60_000;

/** An index over a store with these runs, by their ends in minutes before now. */
async function indexOf(ends: readonly number[], most: number) {
  const clock = new FakeClock();
  const store = await CachedStore.open(memoryStore());
  const record = (ago: number) => ({ ...runOf(`m${ago % 3}`, clock.now() - ago * minute), worker: 'w1' });
  const zero = '2026-01-01T00:00:00Z';
  const worker = { id: 'w1', url: '', token: '', last_online: zero, last_register: zero };
  const changes: StoreChange[] = ends.map((ago) => ({ type: 'put-run', run: record(ago) }));
  await store.write([{ type: 'put-worker', worker }, ...changes]);
  const errors: unknown[] = [];
  const index = new RunIndex({ store, clock, most, onError: (error) => void errors.push(error) });
  const between = (from: number, to: number, limit = 1000) => {
    const { runs, truncated } = index.between(clock.now() - from * minute, clock.now() - to * minute, {
      most: limit,
    });
    return { ago: runs.map(({ ended }) => (clock.now() - ended) / minute), truncated };
  };
  return { index, clock, record, between, errors };
}

test('runs are there oldest first, in whatever order they come; the ends of a span count', async () => {
  const { index, record, between } = await indexOf([5, 50, 20, 3000], 100);
  index.add(record(1));
  expect(between(10_000, 0)).toEqual({ ago: [], truncated: false });
  await index.load();
  for (const ago of [30, 2, 2900]) index.add(record(ago));
  expect(between(10_000, 0)).toEqual({ ago: [50, 30, 20, 5, 2], truncated: false });
  expect(between(30, 5)).toEqual({ ago: [30, 20, 5], truncated: false });
  expect(between(50, 0, 2)).toEqual({ ago: [5, 2], truncated: true });
});

test('a run that comes while the store is read counts once', async () => {
  const { index, record, between } = await indexOf([5, 6], 100);
  const loaded = index.load();
  index.add(record(5));
  index.add(record(1));
  await loaded;
  expect(between(10, 0).ago).toEqual([6, 5, 1]);
  expect(index.spans(2)[0]).toMatchObject({ success: 3 });
});

test('of very many only the newest are there, but all are counted', async () => {
  const ends = Array.from({ length: 500 }, (_, n) => ((n * 7) % 500) + 1);
  const { index, between, record } = await indexOf(ends, 100);
  await index.load();
  const { ago, truncated } = between(600, 0);
  expect([ago.length <= 110, ago.length >= 100, ago.at(-1), truncated]).toEqual([true, true, 1, true]);
  expect(ago).toEqual(Array.from({ length: ago.length }, (_, n) => ago.length - n));
  expect(between(50, 0)).toMatchObject({ truncated: false });
  index.add(record(450));
  expect(between(600, 0).ago).toEqual(ago);
  expect(index.spans(48).reduce((sum, { success }) => sum + success, 0)).toBe(501);
});

test('old runs are forgotten', async () => {
  const { index, clock, between } = await indexOf([5], 100);
  await index.load();
  await clock.advance(48 * 60 * minute);
  expect(between(10_000, 0).ago).toEqual([]);
});
