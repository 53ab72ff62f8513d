import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { ApiChanges, ApiJob } from '../site/api/types.js';
import { keepCacheLive } from '../site/live/live-cache.js';
import type { LiveFeed } from '../site/live/live-feed.js';
import type { LiveMessage } from '../site/live/live-message.js';

const job = {
  worker: 'w1',
  name: 'debian',
  status: 'syncing',
  last_started: '2026-11-24T12:00:00Z',
  last_ended: '2026-11-24T11:00:00Z',
  next_schedule: '0001-01-01T00:00:00Z',
} as ApiJob;
const nothing = { jobs: [], removed: [], progress: [], workers: [], removed_workers: [] };

let client: QueryClient;
let tell: (changes: Partial<ApiChanges>) => void;
let end: () => void;

beforeEach(() => {
  jest.useFakeTimers();
  client = new QueryClient();
  client.setQueryData(['job', 'w1', 'debian'], job);
  for (const [of, ...more] of [['history', 50], ['plan'], ['logs']]) {
    client.setQueryData([of, 'w1', 'debian', ...more], []);
    client.setQueryData([of, 'w1', 'other', ...more], []);
  }
  let listener: (message: LiveMessage) => void = () => undefined;
  const feed = {
    subscribe: (one: (message: LiveMessage) => void) => {
      listener = one;
      return () => undefined;
    },
  } as unknown as LiveFeed;
  end = keepCacheLive(client, feed);
  tell = (some) => {
    listener({ kind: 'changes', changes: { ...nothing, ...some } as unknown as ApiChanges });
  };
});

afterEach(() => {
  end();
  client.clear();
  jest.useRealTimers();
});

/** Keys of the answers that are outdated. */
const outdated = (): unknown[] =>
  client
    .getQueryCache()
    .getAll()
    .filter(({ state }) => state.isInvalidated)
    .map(({ queryKey }) => queryKey.slice(0, 3).join('/'));

test.each<[string, Partial<ApiJob>]>([
  ['the end of a run', { status: 'success', last_ended: '2026-11-24T12:10:00Z' }],
  ['an attempt that ended and is followed by another', { last_ended: '2026-11-24T12:05:00Z' }],
  ['the record of a run', { total_transferred_bytes: 5 }],
  ['a failure that was counted', { consecutive_failures: 1 }],
])('%s makes the page request runs, plan and logs of that mirror again', (_, change) => {
  tell({ jobs: [{ ...job, ...change }] });
  expect(outdated()).toEqual(['history/w1/debian', 'plan/w1/debian', 'logs/w1/debian']);
});

test('progress causes no requests', () => {
  tell({ progress: [{ worker: 'w1', name: 'debian', percent: 40 }] });
  expect(client.getQueryData(['job', 'w1', 'debian'])).toMatchObject({ progress: { percent: 40 } });
  expect(outdated()).toEqual([]);
});

test('the removal of a mirror makes its page request it again, so that it says so', () => {
  tell({ removed: [{ worker: 'w1', name: 'debian' }] });
  expect(outdated()).toEqual(['job/w1/debian']);
});

test('a cache that is no longer kept up to date has no timer left', () => {
  tell({ jobs: [job] });
  end();
  expect(jest.getTimerCount()).toBe(0);
});
