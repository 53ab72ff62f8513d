import { describe, expect, test } from '@jest/globals';
import { mirrorCounts, mirrorTotal, slotUse, sortWorkers } from '../site/pages/workers/mirror-counts.js';
import { diskLevel, freeShare } from '../site/ui/disk-level.js';

describe('a disk', () => {
  test.each([
    [4.9, 'bad'],
    [5, 'warning'],
    [9.9, 'warning'],
    [10, 'good'],
    [0, 'bad'],
  ])('with %s %% free is %s', (free, level) => {
    expect(diskLevel({ free, total: 100 })).toBe(level);
  });

  test('of unknown size causes no alarm', () => {
    expect(diskLevel({ free: 0, total: 0 })).toBe('unknown');
    expect(freeShare({ free: 0, total: 0 })).toBeUndefined();
  });
});

test('a worker shows the counts of its mirrors by state, those that need attention first', () => {
  const counts = { success: 12, failed: 1, syncing: 0, 'pre-syncing': 2, none: 0, paused: 0, disabled: 3 };
  expect(mirrorTotal({ counts })).toBe(18);
  expect(mirrorCounts({ counts })).toEqual([
    { state: 'failed', count: 1, filter: 'failed' },
    { state: 'waiting', count: 2, filter: 'waiting' },
    { state: 'success', count: 12, filter: 'success,stale' },
    { state: 'disabled', count: 3, filter: 'disabled' },
  ]);
});

test('used slots and waiting mirrors are counted by the reports of the mirrors', () => {
  const counts = { success: 1, failed: 0, syncing: 3, 'pre-syncing': 2, none: 0, paused: 0, disabled: 0 };
  expect(slotUse({ counts })).toEqual({ running: 3, waiting: 2 });
});

test('lost workers come first, then those with failures, then the others, each by name', () => {
  const none = { success: 0, failed: 0, syncing: 0, 'pre-syncing': 0, none: 0, paused: 0, disabled: 0 };
  const worker = (id: string, state: 'online' | 'lost' | 'unknown', failed = 0) => ({
    id,
    state,
    counts: { ...none, failed },
  });
  const workers = [
    worker('d', 'unknown'),
    worker('b', 'online'),
    worker('c', 'online', 2),
    worker('a', 'lost'),
  ];
  expect(sortWorkers(workers).map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
});
