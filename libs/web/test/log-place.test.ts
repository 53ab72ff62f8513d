import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { follow, type FollowState } from '../site/log-view/follow/follow-state.js';
import { byteAt, thumbOf } from '../site/log-view/view/place.js';

describe('the bar beside a log', () => {
  test('has its thumb at an edge when that edge is visible', () => {
    expect(thumbOf({ from: 0, to: 100 }, 1000, 0.04)).toEqual({ top: 0, height: 0.1 });
    expect(thumbOf({ from: 900, to: 1000 }, 1000, 0.04)).toEqual({ top: 0.9, height: 0.1 });
    expect(thumbOf({ from: 999_000, to: 1_000_000 }, 1_000_000, 0.04)).toEqual({ top: 0.96, height: 0.04 });
    expect(thumbOf({ from: 0, to: 0 }, 0, 0.04)).toEqual({ top: 0, height: 1 });
    expect(thumbOf({ from: 0, to: 10 }, 10, 0.04)).toEqual({ top: 0, height: 1 });
  });

  test('goes to the byte at the position of the thumb', () => {
    expect(byteAt(0.48, 0.04, 1e9)).toBe(5e8);
    expect([byteAt(-1, 0.04, 1e9), byteAt(2, 0.04, 1e9), byteAt(0.5, 1, 10)]).toEqual([0, 1e9, 0]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 1e10 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (size, part) => {
          const at = byteAt(part * 0.9, 0.1, size);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(size);
        },
      ),
    );
  });
});

describe('following', () => {
  const on: FollowState = { following: true, unseen: 0 };
  const off: FollowState = { following: false, unseen: 7 };

  test('stops when the user scrolls up, and counts new lines from then on', () => {
    const gone = follow(on, { kind: 'scrolled', up: true, atEnd: false });
    expect(gone).toEqual({ following: false, unseen: 0 });
    expect(follow(follow(gone, { kind: 'lines', count: 3 }), { kind: 'lines', count: 2 }).unseen).toBe(5);
  });

  test('continues through new lines, and through scrolling that ends at the end', () => {
    expect(follow(on, { kind: 'lines', count: 3 })).toBe(on);
    expect(follow(on, { kind: 'scrolled', up: true, atEnd: true })).toBe(on);
    expect(follow(on, { kind: 'scrolled', up: false, atEnd: false })).toBe(on);
  });

  test('resumes at the end, and on demand', () => {
    expect(follow(off, { kind: 'scrolled', up: false, atEnd: true })).toEqual(on);
    expect(follow(off, { kind: 'end' })).toEqual(on);
  });

  test('does not resume on its own', () => {
    expect(follow(off, { kind: 'scrolled', up: true, atEnd: true })).toBe(off);
    expect(follow(off, { kind: 'elsewhere' })).toBe(off);
    expect(follow(on, { kind: 'elsewhere' })).toEqual({ following: false, unseen: 0 });
  });
});
