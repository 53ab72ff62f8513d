import { expect, test } from '@jest/globals';
import { nextDue } from '../src/index.js';

test.each([
  { minutes: 1, due: '2026-11-23T12:01:00.250Z' },
  { minutes: 1440, due: '2026-11-24T12:00:00.250Z' },
  { minutes: 0, due: '2026-11-23T12:00:00.250Z' },
])('$minutes minutes after the end of a sync', ({ minutes, due }) => {
  const end = Date.parse('2026-11-23T12:00:00.250Z');
  expect(new Date(nextDue({ kind: 'interval', minutes }, end)).toISOString()).toBe(due);
});
