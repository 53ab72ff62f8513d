import { describe, expect, test } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { ApiChanges, ApiJob, ApiOverview, ApiWorker } from '../site/api/types.js';
import { keepCacheLive } from '../site/live/live-cache.js';
import type { LiveFeed } from '../site/live/live-feed.js';
import type { LiveMessage } from '../site/live/live-message.js';
import { patchOverview } from '../site/live/patch-overview.js';
import { attentionKey } from '../site/pages/overview/attention-words.js';
import { headlineOf } from '../site/pages/overview/headline-of.js';
import { runBars, runTotals } from '../site/pages/overview/run-strip-data.js';
import { firstLine } from '../site/ui/first-line.js';

const none = { failed: 0, syncing: 0, waiting: 0, stale: 0, none: 0, paused: 0, disabled: 0, success: 0 };

function job(name: string, more: Partial<ApiJob> = {}): ApiJob {
  return {
    name,
    worker: 'w1',
    status: 'success',
    state: 'success',
    worker_state: 'online',
    ...more,
  } as ApiJob;
}

function overview(more: Partial<ApiOverview> = {}): ApiOverview {
  return {
    states: none,
    workers: { online: 1, lost: 0, unknown: 0 },
    attention: [],
    attention_total: 0,
    running: [],
    running_total: 0,
    next: [],
    runs: [],
    ...more,
  };
}

describe('the headline', () => {
  test('says that all is fine, not counting paused and disabled mirrors', () => {
    const states = { ...none, success: 400, syncing: 10, waiting: 1, none: 1, paused: 3, disabled: 5 };
    expect(headlineOf(overview({ states }))).toEqual({ level: 'good', key: 'fine', count: 412 });
  });

  test('names all problems, the worst first', () => {
    const filesystem = { path: '/srv', total: 100, free: 1 };
    expect(
      headlineOf(
        overview({
          states: { ...none, failed: 3, stale: 2, success: 9 },
          workers: { online: 1, lost: 1, unknown: 0 },
          attention: [{ kind: 'disk-low', worker: 'w1', filesystem }],
        }),
      ),
    ).toEqual({
      level: 'bad',
      parts: [
        { key: 'failed', count: 3 },
        { key: 'lost', count: 1 },
        { key: 'stale', count: 2 },
        { key: 'disk', count: 1 },
      ],
    });
  });

  test('is only a warning if mirrors are merely stale', () => {
    expect(headlineOf(overview({ states: { ...none, stale: 1 } })).level).toBe('warning');
  });

  test('distinguishes missing workers from missing mirrors', () => {
    const workers = { online: 0, lost: 0, unknown: 0 };
    expect(headlineOf(overview({ workers }))).toEqual({ level: 'empty', key: 'noWorkers' });
    expect(headlineOf(overview())).toEqual({ level: 'empty', key: 'noMirrors' });
  });

  test('does not call mirrors fine if all are paused or disabled', () => {
    expect(headlineOf(overview({ states: { ...none, paused: 1, disabled: 1 } }))).toEqual({
      level: 'good',
      key: 'unused',
      count: 2,
    });
  });
});

describe('reasons', () => {
  test('are the first line that is not blank', () => {
    expect(firstLine('\r\n  \nexit status 10: error in socket I/O\nmore')).toBe(
      'exit status 10: error in socket I/O',
    );
    expect(firstLine('')).toBe('');
  });

  test('keep the key of the row when a failed mirror becomes stale, too', () => {
    expect(attentionKey({ kind: 'failed', job: job('a') })).toBe(
      attentionKey({ kind: 'stale', job: job('a') }),
    );
    expect(attentionKey({ kind: 'failed', job: job('a') })).not.toBe(
      attentionKey({ kind: 'failed', job: job('a', { worker: 'w2' }) }),
    );
  });
});

describe('the strip of runs', () => {
  const span = (success: number, failed = 0, killed = 0): ApiOverview['runs'][number] => ({
    from: '2026-11-24T10:00:00Z',
    success,
    failed,
    killed,
  });

  test('has bars of half an hour, scaled to the highest', () => {
    const [most, half, empty] = runBars([span(10), span(5), span(0)]);
    expect(most?.heights).toEqual({ good: 1, bad: 0, killed: 0 });
    expect(half?.heights.good).toBe(0.5);
    expect(empty?.heights).toEqual({ good: 0, bad: 0, killed: 0 });
    expect((most?.to ?? 0) - (most?.from ?? 0)).toBe(1_800_000);
  });

  test('shows one failure among hundreds without growing', () => {
    const [bar] = runBars([span(500, 1)]);
    expect(bar?.heights.bad).toBeCloseTo(0.08);
    expect((bar?.heights.bad ?? 0) + (bar?.heights.good ?? 0)).toBeCloseTo(1);
  });

  test('has a summary', () => {
    expect(runTotals([span(3, 1), span(4, 0, 2)])).toEqual({ good: 7, bad: 1, killed: 2 });
  });
});

describe('a loaded overview', () => {
  const nothing = { jobs: [], removed: [], progress: [], workers: [], removed_workers: [] };
  const changes = (some: Partial<ApiChanges>): ApiChanges =>
    ({ ...nothing, states: none, counts: {}, ...some }) as ApiChanges;
  const running = job('run', { status: 'syncing', state: 'syncing' });
  const failed = job('bad', { status: 'failed', state: 'failed' });
  const lost = { id: 'w9', state: 'lost' } as ApiWorker;
  const shown = overview({
    states: { ...none, failed: 1, syncing: 1 },
    attention: [
      { kind: 'failed', job: failed },
      { kind: 'worker-lost', worker: lost },
    ],
    attention_total: 60,
    running: [running],
    running_total: 70,
    next: [job('soon')],
  });

  test('updates progress and counts at once', () => {
    const states = { ...none, failed: 2 };
    const progress = [{ worker: 'w1', name: 'run', percent: 64, rate: 1000 }];
    const after = patchOverview(shown, changes({ states, progress }));
    expect(after.running[0]?.progress).toEqual({ percent: 64, rate: 1000 });
    expect(after.states.failed).toBe(2);
    expect(after.attention).toHaveLength(2);
  });

  test('applies changes without a new request', () => {
    const client = new QueryClient();
    client.setQueryData(['overview'], shown);
    let tell: (message: LiveMessage) => void = () => undefined;
    const feed: Pick<LiveFeed, 'subscribe'> = {
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
    };
    const end = keepCacheLive(client, feed);
    const progress = [{ worker: 'w1', name: 'run', percent: 65 }];
    tell({ kind: 'changes', changes: changes({ progress }) });
    expect(client.getQueryData<ApiOverview>(['overview'])?.running[0]?.progress).toEqual({ percent: 65 });
    end();
    client.clear();
  });

  test('drops runs that ended, mirrors that recovered and workers that came back', () => {
    const after = patchOverview(
      shown,
      changes({
        jobs: [job('run'), job('bad', { status: 'syncing', state: 'syncing' })],
        workers: [{ ...lost, state: 'online' }],
      }),
    );
    expect(after.running).toEqual([]);
    expect(after.running_total).toBe(69);
    expect(after.attention).toEqual([]);
    expect(after.attention_total).toBe(58);
  });

  test('drops upcoming runs that started, and removed mirrors', () => {
    const began = job('soon', { status: 'pre-syncing', state: 'waiting' });
    expect(patchOverview(shown, changes({ jobs: [began] })).next).toEqual([]);
    const after = patchOverview(
      shown,
      changes({ removed: [{ worker: 'w1', name: 'bad' }], removed_workers: ['w9'] }),
    );
    expect(after.attention).toEqual([]);
  });

  test('shows a failed mirror as stale if only that is left', () => {
    const stale = job('bad', { state: 'stale' });
    expect(patchOverview(shown, changes({ jobs: [stale] })).attention[0]).toEqual({
      kind: 'stale',
      job: stale,
    });
  });
});
