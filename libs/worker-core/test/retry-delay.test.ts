import { describe, expect, test } from '@jest/globals';
import { defaultRetryDelay, retryDelayMs } from '../src/job/retry-delay.js';

const middle = 0.5;

describe('the pause between attempts', () => {
  test('defect 11: doubles from 30 s to 900 s', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 1000].map((attempt) =>
      retryDelayMs(defaultRetryDelay, attempt, middle),
    );
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000, 900_000]);
  });

  test('is spread by a quarter each way', () => {
    expect(retryDelayMs(defaultRetryDelay, 1, 0)).toBe(22_500);
    expect(retryDelayMs(defaultRetryDelay, 1, 0.999_999)).toBe(37_500);
  });

  test('can be none', () => {
    expect(retryDelayMs({ baseMs: 0, maxMs: 0 }, 5, 0.9)).toBe(0);
  });
});
