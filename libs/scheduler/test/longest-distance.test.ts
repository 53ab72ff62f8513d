import { expect, test } from '@jest/globals';
import { longestDistance, parseCron } from '../src/index.js';

const day = 1440;

test.each([
  ['*/5 * * * *', 5],
  ['* * * * * *', 1],
  ['0 3 * * *', day],
  ['*/5 9-17 * * 1-5', 2 * day + 15 * 60 + 5],
  ['0 3 * * 1-5', 3 * day],
  ['0 0 1 * *', 31 * day],
  ['0 0 29 2 *', 4 * 365 * day + day],
  ['0 0 0 1 1 * 2027', undefined],
  ['0 0 0 1 1 * 2020', undefined],
])('%s is at most %s minutes apart', (expression, minutes) => {
  expect(longestDistance(parseCron(expression, 'America/New_York'))).toBe(minutes);
});

test('an interval and a fixed rate are as far apart as they say', () => {
  expect(longestDistance({ kind: 'interval', minutes: 7 })).toBe(7);
  expect(longestDistance({ kind: 'fixed-rate', minutes: 480, anchor: 0, timezone: 'UTC' })).toBe(480);
});
