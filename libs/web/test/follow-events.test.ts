import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { followEvents, type Follower } from '../site/live/follow-events.js';
import type { Connection, LiveMessage } from '../site/live/live-message.js';

/** A stream that the follower asked for. */
interface Stream {
  lastId: string | undefined;
  send: (event: string, data: unknown, id?: string) => void;
  end: () => void;
  isAborted: () => boolean;
}

let streams: Stream[];
let told: LiveMessage[];
/** Responses that are given instead of streams, first. */
let refusals: (Response | Error)[];
let stop: AbortController;
let follower: Follower;
const originalFetch = globalThis.fetch;

beforeEach(async () => {
  jest.useFakeTimers();
  streams = [];
  told = [];
  refusals = [];
  stop = new AbortController();
  globalThis.fetch = (_url, init) => {
    const refusal = refusals.shift();
    if (refusal instanceof Error) return Promise.reject(refusal);
    if (refusal !== undefined) return Promise.resolve(refusal);
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
    });
    init?.signal?.addEventListener('abort', () => {
      controller.error(new Error('aborted'));
    });
    streams.push({
      lastId: (init?.headers as Record<string, string>)['last-event-id'],
      send: (event, data, id) => {
        const head = `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}`;
        controller.enqueue(new TextEncoder().encode(`${head}data: ${JSON.stringify(data)}\n\n`));
      },
      end: () => {
        controller.close();
      },
      isAborted: () => init?.signal?.aborted === true,
    });
    return Promise.resolve(new Response(body));
  };
  follower = followEvents({
    url: 'http://manager/api/events',
    signal: stop.signal,
    tell: (message) => told.push(message),
  });
  await settle();
});

afterEach(() => {
  stop.abort();
  jest.useRealTimers();
  globalThis.fetch = originalFetch;
});

const settle = (ms = 1): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const hello = async (resumed = false): Promise<void> => {
  streams.at(-1)?.send('hello', { resumed });
  await settle();
};
const lose = async (): Promise<void> => {
  streams.at(-1)?.end();
  await settle();
};
const connection = (): Connection | undefined => {
  const last = told.findLast(({ kind }) => kind === 'connection');
  return last?.kind === 'connection' ? last.connection : undefined;
};
/** Milliseconds until the next retry; undefined while the connection is not lost. */
const delay = (): number | undefined => {
  const now = connection();
  return now?.state === 'lost' ? Math.round((now.retryAt - Date.now()) / 100) * 100 : undefined;
};
const kinds = (): string[] => told.map(({ kind }) => kind);

describe('the follower of the events', () => {
  test('is live after the greeting, and reports that events may have been missed', async () => {
    expect(connection()).toEqual({ state: 'connecting' });
    await hello();
    expect(connection()).toEqual({ state: 'live' });
    expect(kinds()).toEqual(['connection', 'connection', 'hello', 'missed']);
  });

  test('passes changes on, and reports missed events when the manager does', async () => {
    await hello();
    told.length = 0;
    streams[0]?.send('changes', { jobs: [] });
    streams[0]?.send('lag', {});
    streams[0]?.send('reset', {});
    streams[0]?.send('news of a later version', {});
    await settle();
    expect(kinds()).toEqual(['changes', 'missed', 'missed']);
  });

  test('resumes after the last id, and reports no missed events when the manager sends them', async () => {
    await hello();
    streams[0]?.send('changes', { jobs: [] }, '17');
    await settle();
    await lose();
    told.length = 0;
    await settle(1000);
    expect(streams[1]?.lastId).toBe('17');
    await hello(true);
    expect(kinds()).toEqual(['connection', 'hello']);
  });

  test('waits longer after each failure in a row', async () => {
    await hello();
    const delays: (number | undefined)[] = [];
    for (let failure = 0; failure < 6; failure += 1) {
      await lose();
      delays.push(delay());
      await settle(delay());
    }
    expect(delays).toEqual([1000, 2000, 5000, 5000, 10_000, 10_000]);
  });

  test('starts with the shortest wait again after a greeting', async () => {
    await lose();
    expect(delay()).toBe(1000);
    await settle(1000);
    await lose();
    expect(delay()).toBe(2000);
    await settle(2000);
    await hello();
    await lose();
    expect(delay()).toBe(1000);
  });

  test('keeps the start of an outage through failed retries', async () => {
    await hello();
    await lose();
    const first = connection();
    const since = first?.state === 'lost' ? first.since : undefined;
    await settle(1000);
    await lose();
    expect(connection()).toMatchObject({ state: 'lost', since });
    await settle(2000);
    await hello();
    await settle(60);
    await lose();
    const later = connection();
    expect(later?.state === 'lost' && later.since).toBeGreaterThan(since ?? Infinity);
  });

  test.each<[string, () => Response | Error]>([
    ['is not reached', () => new TypeError('fetch failed')],
    ['refuses', () => new Response('{"error":"starting"}', { status: 503 })],
  ])('retries when the manager %s', async (_, refusal) => {
    refusals = [refusal()];
    await lose();
    await settle(1000);
    expect(refusals).toEqual([]);
    expect(streams).toHaveLength(1);
    expect(delay()).toBe(2000);
    await settle(2000);
    expect(streams).toHaveLength(2);
  });

  test('retries at once on demand', async () => {
    await lose();
    expect(streams).toHaveLength(1);
    follower.retry();
    await settle();
    expect(streams).toHaveLength(2);
  });

  test('treats a silent connection as lost, and closes it', async () => {
    await hello();
    await settle(14_000);
    streams[0]?.send('ping', {});
    await settle(14_000);
    expect(connection()).toEqual({ state: 'live' });
    await settle(1100);
    expect(connection()).toMatchObject({ state: 'lost' });
    expect(streams[0]?.isAborted()).toBe(true);
  });

  test('reconnects after a message that it cannot parse', async () => {
    streams[0]?.send('hello', undefined);
    await settle();
    await settle(15_000);
    expect(streams.length).toBeGreaterThan(1);
  });

  test('stops without leaving a connection or a timer', async () => {
    await hello();
    stop.abort();
    await settle();
    expect(streams[0]?.isAborted()).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
    await settle(60_000);
    expect(streams).toHaveLength(1);
  });
});
