import { afterEach, describe, expect, test } from '@jest/globals';
import { sseEvent, type Clock } from '@tunasync/protocol';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { ManagerClient, nodeTransport, type ClientError, type LogEvent } from '../src/index.js';
import { json, serve, text, type Answer } from './scripted-server.js';

const zeros = { none: 0, failed: 0, success: 0, syncing: 0, 'pre-syncing': 0, paused: 0, disabled: 0 };
const states = { failed: 0, syncing: 0, waiting: 0, stale: 0, none: 0, paused: 0, disabled: 0, success: 0 };
const counts = { counts: zeros, states };
const hello = (id: string, resumed: boolean): string =>
  sseEvent({ event: 'hello', id, data: JSON.stringify({ resumed, workers: [], ...counts }) });

/** Sends parts of a stream, then ends it, breaks it, or leaves it open. */
const stream =
  (parts: readonly (string | Buffer)[], then: 'end' | 'break' | 'stay'): Answer =>
  (_seen, _request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    void (async () => {
      for (const part of parts) {
        await new Promise((resolve) => {
          response.write(part, resolve);
        });
        // gives the reader a turn, so that each part arrives on its own
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (then === 'end') response.end();
      if (then === 'break') response.destroy();
    })();
  };

/** Gives one answer after the other, and then repeats the last one. */
const inTurn = (...answers: Answer[]): Answer => {
  let next = 0;
  return (...args) => {
    answers[Math.min(next++, answers.length - 1)]!(...args);
  };
};

const ending: AbortController[] = [];
afterEach(() => {
  for (const one of ending.splice(0)) one.abort();
});

/** A client, and the losses it reported. */
function follower(baseUrl: string, clock?: Clock) {
  const lost: ClientError[] = [];
  const stopped = new AbortController();
  ending.push(stopped);
  return {
    client: new ManagerClient({ baseUrl, transport: nodeTransport, clock }),
    lost,
    stop: () => {
      stopped.abort();
    },
    options: {
      retryMs: 1,
      signal: stopped.signal,
      onLost: (error: ClientError) => void lost.push(error),
    },
  };
}

async function take<Event>(events: AsyncGenerator<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  while (taken.length < count) {
    const next = await events.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

describe('events', () => {
  test('events have types, and resume after the last one when the connection is lost', async () => {
    const changes = { jobs: [], removed: [{ worker: 'w1', name: 'ctan' }], progress: [], workers: [] };
    await using server = await serve(
      inTurn(
        stream(
          [
            hello('e.1', false),
            ':\n\n',
            sseEvent({
              event: 'changes',
              id: 'e.2',
              data: JSON.stringify({ ...changes, removed_workers: ['w2'], ...counts }),
            }),
            sseEvent({ event: 'news', data: 'of a later version' }),
          ],
          'break',
        ),
        json({ error: 'busy' }, 503),
        stream(
          [
            hello('e.3', true),
            sseEvent({ event: 'lag', data: '{"seconds":4}' }),
            sseEvent({ event: 'reset', id: 'e.9', data: JSON.stringify(counts) }),
            sseEvent({ event: 'end', data: '{"reason":"the manager stops"}' }),
          ],
          'end',
        ),
        stream([hello('f.1', false)], 'stay'),
      ),
    );
    const { client, lost, options } = follower(server.url);
    const events = client.events(options);
    const seen = await take(events, 7);
    expect(seen.map(({ type }) => type)).toEqual([
      'hello',
      'changes',
      'hello',
      'lag',
      'reset',
      'end',
      'hello',
    ]);
    expect(seen[1]).toMatchObject({
      data: { removed: [{ worker: 'w1', name: 'ctan' }], removed_workers: ['w2'] },
    });
    expect(seen[3]).toEqual({ type: 'lag', data: { seconds: 4 } });
    expect(seen[5]).toEqual({ type: 'end', data: { reason: 'the manager stops' } });
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      'e.2',
      'e.2',
      'e.9',
    ]);
    expect(server.seen[0]?.headers.accept).toBe('text/event-stream');
    // the end was reported as an event, the two other losses were not
    expect(lost.map(({ code }) => code)).toEqual(['CLIENT_UNREACHABLE', 'CLIENT_REFUSED']);
  });

  test('the wait before each retry grows until an event arrives', async () => {
    const clock = new FakeClock();
    const server = await serve(stream([hello('e.1', false)], 'end'));
    const { client, lost, options, stop } = follower(server.url);
    const events = client.events({ ...options, clock, retryMs: 100, maxRetryMs: 250 });
    await take(events, 1);
    const rest = take(events, 1);
    await waitFor('the loss', () => lost.length === 1);
    await server[Symbol.asyncDispose]();
    for (const [index, ms] of [100, 200, 250, 250].entries()) {
      await waitFor('the timer', () => clock.pending === 1);
      await clock.advance(ms - 1);
      expect(lost).toHaveLength(index + 1);
      await clock.advance(1);
      await waitFor('the next loss', () => lost.length === index + 2);
    }
    stop();
    expect(await rest).toEqual([]);
  });

  test('the wait also grows when each connection ends at once', async () => {
    const clock = new FakeClock();
    await using server = await serve(stream([hello('e.1', false)], 'end'));
    const { client, lost, options } = follower(server.url);
    const events = client.events({ ...options, clock, retryMs: 100, maxRetryMs: 250 });
    for (const [index, ms] of [100, 200, 250, 250].entries()) {
      const next = take(events, index === 0 ? 2 : 1);
      await waitFor('the timer', () => clock.pending === 1);
      await clock.advance(ms - 1);
      expect([lost.length, server.seen.length]).toEqual([index + 1, index + 1]);
      await clock.advance(1);
      await next;
    }
    // a connection that lasts resets the wait
    const next = take(events, 1);
    await waitFor('the timer', () => clock.pending === 1);
    await clock.advance(250);
    await next;
    await clock.advance(60_000);
    const last = take(events, 1);
    await waitFor('the timer', () => clock.pending === 1);
    await clock.advance(100);
    expect(await last).toHaveLength(1);
  });

  test('a silent connection counts as broken after the idle time', async () => {
    await using server = await serve(stream([hello('e.1', false)], 'stay'));
    const clock = new FakeClock();
    const { client, lost, options } = follower(server.url, clock);
    const events = client.events({ ...options, idleMs: 30 });
    await take(events, 1);
    const next = take(events, 1);
    await waitFor('the idle time to run', () => clock.pending === 1);
    await clock.advance(29);
    expect(lost).toEqual([]);
    await clock.advance(1);
    expect(await next).toHaveLength(1);
    expect(lost[0]?.message).toMatch(/\/api\/events: no data for 0\.03 s$/);
  });

  test('an unreachable manager is an error at first, and so is an invalid event', async () => {
    const server = await serve(text('hello', 200, { 'content-type': 'text/plain' }));
    const { client, options } = follower(server.url);
    await expect(client.events(options).next()).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('not a stream of events'),
    });
    server.answer = stream([sseEvent({ event: 'hello', data: '{"resumed":1}' })], 'stay');
    await expect(client.events(options).next()).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('event hello: resumed'),
    });
    server.answer = stream([sseEvent({ event: 'hello', data: '{' })], 'stay');
    await expect(client.events(options).next()).rejects.toThrow('event hello: not JSON');
    await server[Symbol.asyncDispose]();
    await expect(client.events(options).next()).rejects.toMatchObject({ code: 'CLIENT_UNREACHABLE' });
  });

  test('the stream ends at once with the signal, and with the client', async () => {
    await using server = await serve(stream([hello('e.1', false)], 'stay'));
    const { client, options, stop } = follower(server.url);
    const events = client.events(options);
    await take(events, 1);
    const next = events.next();
    stop();
    expect(await next).toEqual({ value: undefined, done: true });
    const others = client.events();
    await take(others, 1);
    const other = others.next();
    client.close();
    await expect(other).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
  });

  test('an endless event is refused before it fills the memory', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    await using server = await serve((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      response.write('data: ', more);
    });
    const { client, options } = follower(server.url);
    await expect(client.events(options).next()).rejects.toThrow('an event is longer than');
  });
});

describe('idle time of a stream', () => {
  const idleMs = 1000;

  /** A server whose events the test sends one by one; each call resolves when the event is written. */
  async function manualServer() {
    const open: ((text: string) => Promise<void>)[] = [];
    const server = await serve((_seen, _request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      open.push(
        (text) =>
          new Promise((resolve) => {
            response.write(text, () => {
              resolve();
            });
          }),
      );
    });
    return { server, open };
  }

  test('a stream that sends every quarter of the idle time stays one connection', async () => {
    const { server, open } = await manualServer();
    await using _ = server;
    const clock = new FakeClock();
    const { client, lost, options } = follower(server.url, clock);
    const events = client.events({ ...options, idleMs });
    let next = take(events, 1);
    await waitFor('the connection', () => open.length === 1);
    for (let quarter = 0; quarter < 12; quarter++) {
      await waitFor('the idle time to run', () => clock.pending === 1);
      await clock.advance(idleMs / 4);
      await open[0]?.(hello(`e.${quarter}`, true));
      expect(await next).toHaveLength(1);
      next = take(events, 1);
    }
    expect([lost, server.seen.length]).toEqual([[], 1]);
  });

  test('a reader that pauses for longer than the idle time loses nothing', async () => {
    const { server, open } = await manualServer();
    await using _ = server;
    const clock = new FakeClock();
    const { client, lost, options } = follower(server.url, clock);
    const events = client.events({ ...options, idleMs });
    const first = take(events, 1);
    await waitFor('the connection', () => open.length === 1);
    await open[0]?.(hello('e.1', false));
    await first;
    expect(clock.pending).toBe(0);
    await open[0]?.(hello('e.2', false) + hello('e.3', false));
    await clock.advance(10 * idleMs);
    expect(await take(events, 2)).toHaveLength(2);
    expect([lost, server.seen.length]).toEqual([[], 1]);
  });

  test('an aborted stream leaves no timer and no connection', async () => {
    const { server, open } = await manualServer();
    await using _ = server;
    const clock = new FakeClock();
    const { client, options, stop } = follower(server.url, clock);
    const next = client.events({ ...options, idleMs }).next();
    await waitFor('the connection', () => open.length === 1);
    await waitFor('the idle time to run', () => clock.pending === 1);
    stop();
    expect(await next).toEqual({ value: undefined, done: true });
    expect(clock.pending).toBe(0);
    await waitFor('the connection to be closed', () => server.sockets.size === 0);
  });
});

describe('retries after a refusal', () => {
  test.each([429, 500, 502, 503, 504])('a request that is answered by %i is sent again', async (status) => {
    await using server = await serve(
      inTurn(
        stream([hello('e.1', false)], 'break'),
        json({ error: 'later' }, status),
        stream([hello('e.2', true)], 'stay'),
      ),
    );
    const { client, lost, options } = follower(server.url);
    expect(await take(client.events(options), 2)).toHaveLength(2);
    expect(lost).toMatchObject([{ code: 'CLIENT_UNREACHABLE' }, { httpStatus: status }]);
  });

  test.each([400, 401, 403])('an answer %i ends the stream', async (status) => {
    await using server = await serve(
      inTurn(stream([hello('e.1', false)], 'break'), json({ error: 'no' }, status)),
    );
    const { client, options } = follower(server.url);
    const events = client.events(options);
    await take(events, 1);
    await expect(events.next()).rejects.toMatchObject({ code: 'CLIENT_REFUSED', httpStatus: status });
    expect(server.seen).toHaveLength(2);
  });
});

describe('followLog', () => {
  const begun = sseEvent({
    event: 'log',
    id: 'a.log:10',
    data: '{"log":"a.log","from":10,"reason":"start"}',
  });

  test('lines have offsets, resume after the last one, and may arrive in pieces of characters', async () => {
    const line = Buffer.from(sseEvent({ id: 'a.log:20', data: '同步' }));
    await using server = await serve(
      inTurn(
        stream(
          [begun, line.subarray(0, 21), line.subarray(21), sseEvent({ event: 'update', data: '50%' })],
          'break',
        ),
        stream(
          [
            sseEvent({ event: 'gone', data: '{"log":"a.log"}' }),
            sseEvent({ event: 'lag', data: '{"log":"a.log","bytes":7}' }),
            sseEvent({ event: 'log', id: 'b.log:0', data: '{"log":"b.log","from":0,"reason":"odd"}' }),
            sseEvent({ event: 'end', data: '{"reason":"the worker stops"}' }),
          ],
          'end',
        ),
        stream([sseEvent({ id: 'b.log:3', data: 'ab' })], 'stay'),
      ),
    );
    const { client, options } = follower(server.url);
    const seen = await take<LogEvent>(client.followLog('c++', { ...options, worker: 'w1', tail: 2 }), 8);
    expect(seen).toEqual([
      { type: 'log', log: 'a.log', from: 10, reason: 'start' },
      { type: 'line', log: 'a.log', offset: 20, text: '同步' },
      { type: 'update', text: '50%' },
      { type: 'gone', log: 'a.log' },
      { type: 'lag', log: 'a.log', bytes: 7 },
      { type: 'log', log: 'b.log', from: 0, reason: 'resume' },
      { type: 'end', reason: 'the worker stops' },
      { type: 'line', log: 'b.log', offset: 3, text: 'ab' },
    ]);
    expect(server.seen.map(({ url, headers }) => [url, headers['last-event-id']])).toEqual([
      ['/jobs/c%2B%2B/log/stream?worker=w1&tail=2', undefined],
      ['/jobs/c%2B%2B/log/stream?worker=w1&tail=2', 'a.log:20'],
      ['/jobs/c%2B%2B/log/stream?worker=w1&tail=2', 'b.log:0'],
    ]);
  });

  test('the log of a mirror with a Chinese name resumes: the header is UTF-8, as browsers send it', async () => {
    const id = '清华_2026.log:7';
    await using server = await serve(
      inTurn(stream([sseEvent({ id, data: 'one' })], 'break'), stream([begun], 'stay')),
    );
    const { client, options } = follower(server.url);
    const after = { log: 'é.log', offset: 3 };
    await take(client.followLog('清华', { ...options, after }), 2);
    expect(
      server.seen.map(({ headers }) =>
        Buffer.from(headers['last-event-id'] as string, 'latin1').toString('utf8'),
      ),
    ).toEqual(['é.log:3', id]);
  });

  test('an invalid offset is a bad reply', async () => {
    await using server = await serve(stream([sseEvent({ id: 'a.log:x', data: 'one' })], 'stay'));
    const { client, options } = follower(server.url);
    await expect(client.followLog('debian', options).next()).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('id of a line'),
    });
  });

  test('a refusal with an endless body is reported when its time is up', async () => {
    await using server = await serve((_seen, _request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.write('{"error":"no');
    });
    const clock = new FakeClock();
    const { client, options } = follower(server.url, clock);
    const refused = expect(
      client.followLog('debian', { ...options, idleMs: 1000, timeoutMs: 50 }).next(),
    ).rejects.toMatchObject({ code: 'CLIENT_REFUSED', httpStatus: 403, body: '{"error":"no' });
    // the time limit of the body and the idle time
    await waitFor('the body to be waited for', () => clock.pending === 2);
    await clock.advance(50);
    await refused;
    expect(clock.pending).toBe(0);
  });

  test('a log can be followed from a known offset', async () => {
    await using server = await serve(inTurn(json({ error: 'busy' }, 503), stream([begun], 'stay')));
    const { client, lost, options } = follower(server.url);
    await take(client.followLog('debian', { ...options, after: { log: 'a.log', offset: 10 } }), 1);
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual(['a.log:10', 'a.log:10']);
    // the manager was reachable when that offset was read, so that its restart is waited for
    expect(lost).toHaveLength(1);
  });

  test('a log that began while the connection was lost is sent completely', async () => {
    await using server = await serve(inTurn(stream([], 'break'), stream([begun], 'stay')));
    const { client, options } = follower(server.url);
    await take(client.followLog('debian', { ...options, tail: 0 }), 1);
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/jobs/debian/log/stream?tail=0',
      '/jobs/debian/log/stream?tail=10000',
    ]);
  });

  test('the stream ends with an error when the mirror no longer exists', async () => {
    await using server = await serve(
      inTurn(
        stream(
          [sseEvent({ event: 'end', data: '{"reason":"the mirror is not configured any more"}' })],
          'end',
        ),
        json({ error: 'no' }, 404),
      ),
    );
    const { client, options } = follower(server.url);
    const events = client.followLog('debian', options);
    expect(await take(events, 1)).toMatchObject([{ type: 'end' }]);
    await expect(events.next()).rejects.toMatchObject({ code: 'CLIENT_REFUSED', httpStatus: 404 });
  });
});
