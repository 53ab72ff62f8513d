import { describe, expect, test } from '@jest/globals';
import { heartbeatSchema, historyQuerySchema, zeroTime } from '../src/index.js';

describe('the query of a history', () => {
  test.each([
    [{}, 50],
    [{ limit: '1' }, 1],
    [{ limit: '007' }, 7],
    [{ limit: '1000', other: 'x' }, 1000],
  ])('the query %j requests %i runs', (query, limit) => {
    expect(historyQuerySchema.parse(query)).toEqual({ limit });
  });

  test.each(['', '0', '-1', '1001', '1e2', '1.5', ' 5', 'all', '9'.repeat(400)])(
    'a query with limit=%s is refused',
    (limit) => {
      const { error } = historyQuerySchema.safeParse({ limit });
      expect(error?.issues).toMatchObject([
        { path: ['limit'], message: 'expected a whole number from 1 to 1000' },
      ]);
    },
  );
});

test('a heartbeat without a time has the zero time', () => {
  expect(heartbeatSchema.parse({ version: null, running: 3 })).toEqual({
    version: '',
    time: zeroTime,
    slots: 0,
    running: 3,
    queued: 0,
    outbox: 0,
    filesystems: [],
    mirrors: 0,
    waits: {},
  });
});
