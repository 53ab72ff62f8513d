import { describe, expect, test } from '@jest/globals';
import type { ApiTimeline } from '../site/api/types.js';
import { densityOf } from '../site/pages/timeline/density.js';
import { intervalAt, packRuns } from '../site/pages/timeline/pack-runs.js';
import { ticksOf } from '../site/pages/timeline/ticks.js';
import { lanesOf, timelineRuns } from '../site/pages/timeline/timeline-runs.js';
import { queryOf, readView, writeView } from '../site/pages/timeline/timeline-view.js';

const run = (start: number, end: number): { start: number; end: number } => ({ start, end });

describe('rows of a lane', () => {
  test('are as few as possible: each run takes the first free one', () => {
    const runs = [run(0, 10), run(2, 4), run(4, 6), run(5, 20), run(10, 12)];
    expect(packRuns(runs).rows).toEqual([[run(0, 10), run(10, 12)], [run(2, 4), run(4, 6)], [run(5, 20)]]);
  });

  test('respect the minimum width of a run', () => {
    expect(packRuns([run(0, 0), run(1, 1)]).rows).toHaveLength(1);
    expect(packRuns([run(0, 0), run(1, 1)], 5).rows).toHaveLength(2);
  });

  test('are limited; the remaining runs are counted', () => {
    const packed = packRuns([run(0, 9), run(1, 9), run(2, 9), run(9, 10)], 0, 2);
    expect(packed.rows).toEqual([[run(0, 9), run(9, 10)], [run(1, 9)]]);
    expect(packed.left).toBe(1);
  });

  test('of thousands are packed quickly', () => {
    const runs = Array.from({ length: 10_000 }, (_, start) => ({ start, end: start + 40 }));
    const packed = packRuns(runs);
    expect(packed.rows).toHaveLength(40);
    expect(packed.rows.flat()).toHaveLength(10_000);
  });
});

describe('a place in a row', () => {
  const row = [run(10, 20), run(30, 31), run(50, 60)];

  test('is that of the run there, or of the nearest one within reach', () => {
    expect(intervalAt(row, 15, 0)).toBe(row[0]);
    expect(intervalAt(row, 22, 3)).toBe(row[0]);
    expect(intervalAt(row, 28, 3)).toBe(row[1]);
    expect(intervalAt(row, 40, 3)).toBeUndefined();
    expect(intervalAt(row, 5, 3)).toBeUndefined();
    expect(intervalAt(row.slice(0, 0), 5, 3)).toBeUndefined();
  });
});

describe('the density of runs', () => {
  test('is the maximum in each part, and the peak is where it starts', () => {
    const { counts, peak } = densityOf([run(0, 50), run(20, 40), run(30, 35)], { from: 0, to: 100 }, 10);
    expect(counts).toEqual([1, 1, 2, 3, 1, 0, 0, 0, 0, 0]);
    expect(peak).toEqual({ count: 3, at: 30 });
  });

  test('does not count an end and a start at the same time twice', () => {
    expect(densityOf([run(0, 50), run(50, 100)], { from: 0, to: 100 }, 4).peak.count).toBe(1);
  });

  test('ignores runs outside the window, and cuts those across its edges', () => {
    const { counts, peak } = densityOf(
      [run(-100, 10), run(90, 300), run(200, 300)],
      { from: 0, to: 100 },
      10,
    );
    expect(counts).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(peak).toEqual({ count: 1, at: 0 });
  });

  test('of no runs is zero', () => {
    expect(densityOf([], { from: 0, to: 100 }, 2)).toEqual({ counts: [0, 0], peak: { count: 0, at: 0 } });
  });
});

describe('ticks of the axis', () => {
  const from = new Date(2026, 10, 24, 5, 20).getTime();
  const hour = 3_600_000;

  test('are at whole hours, as close as labels allow, and mark midnight', () => {
    const ticks = ticksOf({ from, to: from + 24 * hour }, 1200);
    expect(ticks.map(({ at }) => new Date(at).getHours()).slice(0, 3)).toEqual([6, 8, 10]);
    expect(ticks.filter(({ isDay }) => isDay)).toEqual([
      { at: new Date(2026, 10, 25).getTime(), isDay: true },
    ]);
  });

  test('are further apart if there is less room', () => {
    const apart = (width: number): number => {
      const [first, second] = ticksOf({ from, to: from + 24 * hour }, width);
      return ((second?.at ?? 0) - (first?.at ?? 0)) / hour;
    };
    expect([apart(2400), apart(1200), apart(360)]).toEqual([1, 2, 4]);
  });
});

describe('runs of the timeline', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const timeline: ApiTimeline = {
    now: '2026-11-24T12:00:00Z',
    from: '2026-11-24T00:00:00Z',
    to: '2026-11-25T00:00:00Z',
    past: [
      {
        worker: 'w2',
        name: 'a',
        id: '1',
        started: '2026-11-24T10:00:00Z',
        ended: '2026-11-24T10:30:00Z',
        result: 'failed',
      },
    ],
    running: [
      { worker: 'w1', name: 'b', started: '2026-11-24T11:00:00Z', eta: 600 },
      { worker: 'w1', name: 'c', started: '2026-11-24T11:30:00Z' },
    ],
    planned: [
      { worker: 'w1', name: 'b', start: '2026-11-24T13:00:00Z', seconds: 60 },
      { worker: 'w1', name: 'd', start: '2026-11-24T12:30:00Z' },
    ],
    truncated: false,
    unplanned: ['w0'],
  };

  test('are sorted by start, with ends where known', () => {
    const minutes = (at: number): number => (at - now) / 60_000;
    expect(
      timelineRuns(timeline, now).map(({ name, kind, start, end, hasEnd }) => [
        name,
        kind,
        minutes(start),
        minutes(end),
        hasEnd,
      ]),
    ).toEqual([
      ['a', 'failed', -120, -90, true],
      ['b', 'running', -60, 10, true],
      ['c', 'running', -30, 0, false],
      ['d', 'planned', 30, 35, false],
      ['b', 'planned', 60, 61, true],
    ]);
  });

  test('are grouped by worker, workers without plans included', () => {
    expect(
      lanesOf(timelineRuns(timeline, now), timeline.unplanned).map(({ worker, runs }) => [
        worker,
        runs.length,
      ]),
    ).toEqual([
      ['w0', 0],
      ['w1', 4],
      ['w2', 1],
    ]);
  });
});

describe('the address of the timeline', () => {
  test('contains the options, without defaults', () => {
    const view = readView('hours=48&worker=w%201&view=list&at=2026-11-24T10:00:00Z');
    expect(view).toEqual({
      hours: 48,
      worker: 'w 1',
      isList: true,
      at: Date.parse('2026-11-24T10:00:00Z'),
    });
    expect(readView(writeView(view))).toEqual(view);
    expect(writeView(readView(''))).toBe('');
    expect(queryOf(view)).toEqual({ past: 24, future: 24, worker: 'w 1' });
  });

  test('may contain invalid values, which are ignored', () => {
    expect(readView('hours=7&at=yesterday')).toEqual({ hours: 24, worker: '', isList: false, at: undefined });
  });
});
