import type { RequestListener } from 'node:http';
import { expect, test } from '@jest/globals';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { openEventStream, slowReaderMs, type EventStream } from '../src/index.js';
import { ask, connectTo, textOf } from './support.js';

const get = 'GET / HTTP/1.1\r\nhost: m\r\n\r\n';

/** A stream to a reader that takes nothing until its connection is resumed. */
async function stalled() {
  const opened: EventStream[] = [];
  const client = connectTo((request, response) => {
    const stream = openEventStream(request, response);
    if (stream !== undefined) opened.push(stream);
  });
  client.on('error', () => undefined);
  client.write(get);
  await waitFor('the stream to begin', () => opened.length === 1);
  const [stream] = opened;
  while (!stream!.isHeld) stream!.send({ data: 'x'.repeat(10_000) });
  return { stream: stream!, client };
}

test('events come in the form of the standard, with headers that no proxy keeps or collects', async () => {
  const handler: RequestListener = (request, response) => {
    const stream = openEventStream(request, response);
    stream?.send({ event: 'hello', id: '1', data: 'a\nb' });
    stream?.ping();
    stream?.end({ event: 'end', data: '{}' });
    stream?.send({ data: 'too late' });
  };
  const answer = await ask(handler, 'GET', '/');
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    },
  });
  for (const part of ['event: hello\nid: 1\ndata: a\ndata: b\n\n', ':\n\n', 'event: end\ndata: {}\n\n']) {
    expect(answer.body).toContain(part);
  }
  expect(answer.body).not.toContain('too late');
});

test('a HEAD request gets the headers and no stream', async () => {
  let stream: EventStream | undefined;
  const answer = await ask((request, response) => (stream = openEventStream(request, response)), 'HEAD', '/');
  expect([answer.status, answer.body, stream]).toEqual([200, '', undefined]);
});

test('a slow reader is waited for, and its wait leaves no timer and no listener', async () => {
  const clock = new FakeClock();
  const { stream, client } = await stalled();
  const { signal } = new AbortController();
  const drained = stream.drained(clock, signal);
  expect(clock.pending).toBe(1);
  client.resume();
  await drained;
  expect([stream.isHeld, stream.isOpen, clock.pending]).toEqual([false, true, 0]);
  await stream.drained(clock, signal);
  client.destroy();
});

test('a reader that takes nothing is disconnected after the limit', async () => {
  const clock = new FakeClock();
  const { stream } = await stalled();
  const drained = stream.drained(clock, new AbortController().signal);
  await clock.advance(slowReaderMs - 1);
  expect(stream.isOpen).toBe(true);
  await clock.advance(1);
  await drained;
  expect([stream.isOpen, stream.closed.aborted, clock.pending]).toEqual([false, true, 0]);
});

test('a wait ends when its signal is aborted; the stream stays', async () => {
  const clock = new FakeClock();
  const { stream, client } = await stalled();
  const ending = new AbortController();
  const drained = stream.drained(clock, ending.signal);
  ending.abort();
  await drained;
  expect([stream.isOpen, clock.pending]).toEqual([true, 0]);
  await stream.drained(clock, ending.signal);
  client.destroy();
});

test('a reader that disconnects closes the stream, and ends a wait for it', async () => {
  const clock = new FakeClock();
  const { stream } = await stalled();
  const drained = stream.drained(clock, new AbortController().signal);
  stream.destroy();
  await drained;
  expect([stream.closed.aborted, clock.pending]).toEqual([true, 0]);
  stream.send({ data: 'not read' });
  await stream.drained(clock, new AbortController().signal);
});

test('a listener for a drained stream is called once, and not after it was removed', async () => {
  const { stream, client } = await stalled();
  const calls: string[] = [];
  stream.onceDrained(() => calls.push('kept'));
  stream.onceDrained(() => calls.push('removed'))();
  client.resume();
  await waitFor('the reader to take all', () => !stream.isHeld && calls.length > 0);
  expect(calls).toEqual(['kept']);
  client.destroy();
  await textOf(client);
});
