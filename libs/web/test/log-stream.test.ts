import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { StreamReader, type RawEvent, type StreamEvent } from '../site/log-view/follow/stream-events.js';

// modules that build URLs read the address of the page
Object.assign(globalThis, { document: { baseURI: 'http://manager/ui/' } });
const { followLog } = await import('../site/log-view/follow/follow-log.js');

const log = (name: string, from: number, reason: string): RawEvent => ({
  event: 'log',
  id: `${name}:${from}`,
  data: JSON.stringify({ log: name, from, reason }),
});
const line = (name: string, end: number, data: string): RawEvent => ({ id: `${name}:${end}`, data });

function readAll(reader: StreamReader, events: readonly RawEvent[]): StreamEvent[] {
  return events.flatMap((event) => reader.read(event) ?? []);
}

describe('the events of a stream', () => {
  test('are lines with their places', () => {
    const reader = new StreamReader();
    const events = readAll(reader, [
      log('a.log', 100, 'start'),
      line('a.log', 106, 'first'),
      { event: 'update', id: 'a.log:110', data: '50 %' },
      line('a.log', 120, '100 %'),
    ]);
    expect(events).toMatchObject([
      { kind: 'log', log: 'a.log', from: 100, reason: 'start' },
      { kind: 'row', log: 'a.log', row: { start: 100, end: 106, text: 'first', closed: true } },
      { kind: 'rest', row: { start: 106, end: 110, text: '50 %', closed: false } },
      { kind: 'row', row: { start: 106, end: 120, text: '100 %' } },
    ]);
    expect(reader.lastId).toBe('a.log:120');
  });

  test('resume after the last complete line', () => {
    const reader = new StreamReader('a:b.log', 7);
    expect(reader.lastId).toBe('a:b.log:7');
    readAll(reader, [line('a:b.log', 10, 'x'), { event: 'update', id: 'a:b.log:15', data: 'half' }]);
    expect(reader.lastId).toBe('a:b.log:10');
  });

  test('report a gap, after which the first offset is unknown', () => {
    const reader = new StreamReader('a.log', 0);
    const events = readAll(reader, [
      { event: 'lag', data: '{"log":"a.log","bytes":5000000}' },
      line('a.log', 5_000_020, 'cut off'),
      line('a.log', 5_000_030, 'whole'),
    ]);
    expect(events).toMatchObject([
      { kind: 'lag', log: 'a.log', bytes: 5_000_000 },
      { kind: 'row', row: { start: 5_000_020, end: 5_000_030, text: 'whole' } },
    ]);
  });

  test('report a replaced log when the place in it is lost', () => {
    const reader = new StreamReader('a.log', 5000);
    const lost = { event: 'lag', data: '{"log":"a.log"}' };
    expect(readAll(reader, [lost, log('a.log', 0, 'start'), line('a.log', 4, 'new')])).toMatchObject([
      { kind: 'lag', bytes: undefined },
      { kind: 'log', log: 'a.log', reason: 'replaced' },
      { kind: 'row', row: { start: 0, end: 4 } },
    ]);
    expect(readAll(reader, [lost, log('b.log', 0, 'start')])[1]).toMatchObject({
      log: 'b.log',
      reason: 'start',
    });
    expect(readAll(reader, [log('b.log', 9, 'start')])).toMatchObject([{ reason: 'start' }]);
  });

  test('distinguish pieces of a long line from lines', () => {
    const reader = new StreamReader('a.log', 0);
    const events = readAll(reader, [
      line('a.log', 65_536, 'x'.repeat(65_536)),
      line('a.log', 65_540, 'end'),
      line('a.log', 65_540 + 65_536, 'y'.repeat(65_535)),
      line('a.log', 65_540 + 2 * 65_536, 'é'.repeat(32_768)),
      line('a.log', 65_541 + 2 * 65_536, ''),
    ]);
    expect(events.map((event) => event.kind === 'row' && [event.row.closed, event.row.continues])).toEqual([
      [false, false],
      [true, true],
      [true, false],
      [false, false],
      [true, true],
    ]);
  });

  test('after a gap are lines of their own, even if a piece of a long line came before it', () => {
    const reader = new StreamReader('a.log', 0);
    const events = readAll(reader, [
      line('a.log', 65_536, 'x'.repeat(65_536)),
      { event: 'lag', data: '{"log":"a.log","bytes":900000}' },
      line('a.log', 1_000_000, 'cut off'),
      line('a.log', 1_000_006, 'whole'),
    ]);
    expect(events.at(-1)).toMatchObject({
      row: { start: 1_000_000, text: 'whole', closed: true, continues: false },
    });
  });

  test('of unknown types are ignored', () => {
    const reader = new StreamReader('a.log', 0);
    expect(
      readAll(reader, [
        { event: 'end', data: '{"reason":"the worker stops"}' },
        { event: 'later', data: 'x' },
        { data: 'no id' },
        line('a.log', 0, 'again'),
      ]),
    ).toEqual([]);
    expect(reader.read({ event: 'gone', data: '{}' })).toEqual({ kind: 'gone', log: 'a.log' });
  });
});

describe('following a log', () => {
  const answers: {
    headers: Record<string, string>;
    send: (text: string) => void;
    end: () => void;
    isAborted: () => boolean;
  }[] = [];
  const originalFetch = globalThis.fetch;
  let refusals: Response[] = [];

  beforeEach(() => {
    jest.useFakeTimers();
    answers.length = 0;
    refusals = [];
    globalThis.fetch = (_url, init) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) return Promise.resolve(refusal);
      let controller: ReadableStreamDefaultController<Uint8Array>;
      let isOver = false;
      const body = new ReadableStream<Uint8Array>({
        start: (given) => {
          controller = given;
        },
      });
      init?.signal?.addEventListener('abort', () => {
        isOver = true;
        controller.error(new Error('aborted'));
      });
      answers.push({
        headers: init?.headers as Record<string, string>,
        send: (text) => {
          controller.enqueue(new TextEncoder().encode(text));
        },
        end: () => {
          if (!isOver) controller.close();
          isOver = true;
        },
        isAborted: () => init?.signal?.aborted === true,
      });
      return Promise.resolve(new Response(body));
    };
  });
  afterEach(() => {
    jest.useRealTimers();
    globalThis.fetch = originalFetch;
  });

  interface Followed {
    texts: string[];
    batches: number;
    states: string[];
    stop: () => Promise<void>;
  }

  function begin(): Followed {
    const abort = new AbortController();
    const followed: Followed = { texts: [], batches: 0, states: [], stop: () => Promise.resolve() };
    const over = followLog({
      url: 'http://manager/jobs/a/log/stream',
      log: 'a.log',
      position: 100,
      signal: abort.signal,
      onState: (state) => followed.states.push(state),
      onEvents: (events) => {
        followed.batches += 1;
        for (const event of events) if (event.kind === 'row') followed.texts.push(event.row.text);
      },
    });
    followed.stop = async () => {
      abort.abort();
      await over;
    };
    return followed;
  }
  const settle = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  test('starts after the part that was read, and collects events', async () => {
    const followed = begin();
    await settle(0);
    expect(answers[0]?.headers['last-event-id']).toBe('a.log:100');
    answers[0]?.send('id: a.log:110\ndata: one\n\nid: a.log:120\ndata: two\n\n');
    await settle(50);
    expect(followed.texts).toEqual([]);
    await settle(100);
    expect([followed.texts, followed.batches]).toEqual([['one', 'two'], 1]);
    expect(followed.states).toEqual(['connecting', 'live']);
    await followed.stop();
  });

  test('resumes at the same place, without duplicates or losses', async () => {
    const followed = begin();
    await settle(0);
    answers[0]?.send('id: a.log:110\ndata: one\n\n');
    await settle(1);
    answers[0]?.send('id: a.log:120\ndata: tw');
    await settle(1);
    answers[0]?.end();
    await settle(600);
    expect(followed.texts).toEqual(['one']);
    expect(answers[1]?.headers['last-event-id']).toBe('a.log:110');
    answers[1]?.send('id: a.log:120\ndata: two\n\n');
    await settle(200);
    expect(followed.texts).toEqual(['one', 'two']);
    expect(followed.states).toEqual(['connecting', 'live', 'lost', 'live']);
    await followed.stop();
  });

  test('treats a silent connection as lost', async () => {
    const followed = begin();
    await settle(0);
    answers[0]?.send(':\n\n');
    await settle(14_000);
    expect(answers).toHaveLength(1);
    await settle(2000);
    expect(answers).toHaveLength(2);
    await followed.stop();
  });

  test('waits longer after each refusal', async () => {
    refusals = Array.from(
      { length: 4 },
      () => new Response('{"error":"worker w1 does not answer"}', { status: 504 }),
    );
    const followed = begin();
    await settle(0);
    expect(followed.states.at(-1)).toBe('lost');
    await settle(500 + 1000 + 2000);
    expect([refusals.length, answers.length]).toEqual([0, 0]);
    await settle(5000);
    expect(answers).toHaveLength(1);
    expect(followed.states.at(-1)).toBe('live');
    await followed.stop();
  });

  test('closes a connection that it gives up', async () => {
    const followed = begin();
    await settle(0);
    answers[0]?.send('event: log\ndata: not JSON\n\n');
    await settle(600);
    expect(answers).toHaveLength(2);
    expect(answers[0]?.isAborted()).toBe(true);
    await followed.stop();
  });

  test('retries a stream that ends at once less and less often', async () => {
    const followed = begin();
    for (let time = 0; time < 20_000; time += 100) {
      await settle(100);
      answers.at(-1)?.end();
    }
    expect(answers.length).toBeLessThan(8);
    await followed.stop();
  });

  test('stops on demand, and reports nothing more', async () => {
    const followed = begin();
    await settle(0);
    answers[0]?.send('id: a.log:110\ndata: one\n\n');
    await settle(1);
    await followed.stop();
    await settle(20_000);
    expect([followed.texts, answers.length]).toEqual([[], 1]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
