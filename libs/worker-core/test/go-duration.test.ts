import { expect, test } from '@jest/globals';
import { goDuration } from '../src/job/go-duration.js';

test.each([
  [0, '0s'],
  [0.25, '250ms'],
  [1, '1s'],
  [1.5, '1.5s'],
  [59, '59s'],
  [60, '1m0s'],
  [90, '1m30s'],
  [3600, '1h0m0s'],
  [3601, '1h0m1s'],
  [86_400, '24h0m0s'],
  [90_061.5, '25h1m1.5s'],
])('%d s prints as %s', (seconds, text) => {
  expect(goDuration(seconds)).toBe(text);
});
