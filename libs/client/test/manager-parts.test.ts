import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@tunasync/test-utils';
import { apiQuery } from '../src/manager/api-query.js';
import { logPart } from '../src/manager/log-part.js';
import { apiRefusal, readRefusal } from '../src/manager/refusals.js';

async function* bodyOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

test.each([
  [{}, ''],
  [{ a: undefined, b: false, c: [] }, ''],
  [{ a: 0, b: '' }, '?a=0&b='],
  [{ a: true, b: ['x', 'y z'], c: 'é' }, '?a=1&b=x%2Cy+z&c=%C3%A9'],
])('apiQuery of %j is %j', (values, query) => {
  expect(apiQuery(values)).toBe(query);
});

describe('logPart', () => {
  const headers = { 'x-log-start': '7', 'x-log-end': '10', 'x-log-size': '12' };
  const part = (more: Record<string, string | string[] | undefined>, ...texts: string[]) => {
    const state = { closed: 0 };
    const reply = {
      status: 200,
      headers: { ...headers, ...more },
      body: bodyOf(...texts),
      close: () => void (state.closed += 1),
    };
    return { state, read: () => logPart('http://m/log', reply) };
  };

  test('bytes() returns as many bytes as were announced, and no more', async () => {
    expect((await part({}, 'ab', 'c').read().bytes()).toString()).toBe('abc');
    await expect(part({}, 'ab', 'cd').read().bytes()).rejects.toThrow('more than 3 bytes');
  });

  test.each([['x7'], ['7x'], [''], ['1234567890123456'], [undefined], [['7', '8']]])(
    'the position %j is refused, and the connection is closed',
    (start) => {
      const { state, read } = part({ 'x-log-start': start });
      expect(read).toThrow('no x-log-start');
      expect(state.closed).toBe(1);
    },
  );
});

describe('refusals', () => {
  test.each([
    [501, '', 'CLIENT_NOT_OFFERED', 'not implemented'],
    [501, '{"error":"too old"}', 'CLIENT_NOT_OFFERED', 'too old'],
    [404, 'page not found', 'CLIENT_NOT_OFFERED', 'this manager is too old, or the route is disabled'],
    [404, '{"error":"no such route: GET /x"}', 'CLIENT_NOT_OFFERED', 'this manager is too old'],
    [404, '{"error":"no such job"}', 'CLIENT_REFUSED', 'no such job'],
    [500, '{"msg":"full"}', 'CLIENT_REFUSED', 'full'],
  ])('the answer %i with %j becomes %s: %s', (status, body, code, why) => {
    expect(apiRefusal('http://m/x', status, body)).toMatchObject({
      code,
      httpStatus: status,
      message: expect.stringContaining(why),
    });
  });

  test('a body is cut at 64 KiB, and its timer and connection are released', async () => {
    const clock = new FakeClock();
    let closed = 0;
    const reply = {
      status: 400,
      headers: {},
      body: bodyOf('x'.repeat(70_000)),
      close: () => void (closed += 1),
    };
    expect(await readRefusal(reply, clock)).toHaveLength(65_536);
    expect([clock.pending, closed]).toEqual([0, 1]);
  });

  test('a body that breaks off before its time limit rejects', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* bodyOf('x');
      throw new Error('reset');
    }
    const clock = new FakeClock();
    const reply = { status: 400, headers: {}, body: broken(), close: () => undefined };
    await expect(readRefusal(reply, clock)).rejects.toThrow('reset');
    expect(clock.pending).toBe(0);
  });
});
