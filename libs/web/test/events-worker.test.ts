import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { LiveMessage, LiveRequest } from '../site/live/live-message.js';

/** The scope of a shared worker, as far as it is used. */
const scope: { name: string; onconnect: (event: { ports: FakePort[] }) => void } = {
  name: 'http://manager/api/events',
  onconnect: () => undefined,
};

class FakePort {
  readonly received: LiveMessage[] = [];
  onmessage: (event: { data: LiveRequest }) => void = () => undefined;

  postMessage(message: LiveMessage): void {
    this.received.push(message);
  }
}

const requests: string[] = [];
let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
const originals = { self: globalThis.self, fetch: globalThis.fetch };

const settle = (ms = 1): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const send = async (event: string, data: unknown): Promise<void> => {
  stream?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  await settle();
};
const connect = (): FakePort => {
  const port = new FakePort();
  scope.onconnect({ ports: [port] });
  return port;
};

beforeAll(async () => {
  jest.useFakeTimers();
  Object.assign(globalThis, {
    self: scope,
    fetch: (url: string) => {
      requests.push(url);
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
      return Promise.resolve(new Response(body));
    },
  });
  await import('../site/live/events-worker.js');
  await settle();
});

afterAll(() => {
  jest.useRealTimers();
  Object.assign(globalThis, originals);
});

test('the shared worker opens one stream for all tabs, and passes each event to each of them', async () => {
  const [one, other] = [connect(), connect()];
  expect(one.received).toEqual([{ kind: 'connection', connection: { state: 'connecting' } }]);
  await send('hello', { resumed: true });
  await send('changes', { jobs: [] });
  expect(one.received.map(({ kind }) => kind)).toEqual(['connection', 'connection', 'hello', 'changes']);
  expect(other.received).toEqual(one.received);
  expect(requests).toEqual(['http://manager/api/events']);
  // a tab that opens later learns the state of the connection at once
  expect(connect().received).toEqual([{ kind: 'connection', connection: { state: 'live' } }]);
});

test('the shared worker forgets a tab that leaves', async () => {
  const [leaving, staying] = [connect(), connect()];
  leaving.onmessage({ data: { kind: 'bye' } });
  await send('lag', {});
  expect(leaving.received).toHaveLength(1);
  expect(staying.received.at(-1)).toEqual({ kind: 'missed' });
});

test('the shared worker reconnects on demand of any tab', async () => {
  const port = connect();
  stream?.close();
  await settle();
  expect(port.received.at(-1)).toMatchObject({ connection: { state: 'lost' } });
  expect(requests).toHaveLength(1);
  port.onmessage({ data: { kind: 'retry' } });
  await settle();
  expect(requests).toHaveLength(2);
});
