import { createServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { zeroTime, type WorkerStatus } from '@tunasync/protocol';
import { FakeClock, testAuthority } from '@tunasync/test-utils';
import { Deferred } from '@tunasync/util';
import { openWorkerReader } from '../src/index.js';

function workerAt(url: string): WorkerStatus {
  return { id: 'w1', url, token: '', last_online: zeroTime, last_register: zeroTime };
}

test('a worker that asks for a client certificate gets the current one', async () => {
  const ca = await testAuthority();
  const server = createServer(
    { ...(await ca.issue({ name: 'worker' })), ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => response.end(request.url),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const worker = workerAt(`https://127.0.0.1:${port}/`);
  using reader = openWorkerReader();
  const read = async (): Promise<string> => {
    const answer = await reader.read(worker, '/jobs', { signal: AbortSignal.timeout(5000) });
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    return text;
  };
  try {
    await expect(read()).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE', status: 502 });
    reader.setTls({ caCert: ca.cert });
    await expect(read()).rejects.toMatchObject({ code: 'WORKER_UNREACHABLE' });
    reader.setTls({ caCert: ca.cert, clientCert: await ca.issue({ name: 'manager', hosts: [] }) });
    expect(await read()).toBe('/jobs');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('a slow worker', () => {
  const { signal } = new AbortController();

  test('that never begins to answer, or drips its headers, is given up', async () => {
    await using mute = await rawServer(() => undefined);
    await using dripping = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drip = setInterval(() => socket.write('x'), 50);
      socket.once('close', () => {
        clearInterval(drip);
      });
    });
    for (const server of [mute, dripping]) {
      const clock = new FakeClock();
      using reader = openWorkerReader({ clock });
      const answer = reader.read(workerAt(server.url), '/jobs', { signal });
      const given = expect(answer).rejects.toMatchObject({
        code: 'WORKER_SILENT',
        status: 504,
        message: 'worker w1 does not answer in time',
      });
      await server.asked;
      await clock.advance(8_000);
      await given;
      expect(clock.pending).toBe(0);
    }
  });

  test('that falls silent in the middle of an answer is given up', async () => {
    await using server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc');
    });
    const clock = new FakeClock();
    using reader = openWorkerReader({ clock });
    const { body } = await reader.read(workerAt(server.url), '/jobs', { signal });
    const chunks = body[Symbol.asyncIterator]();
    expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('abc');
    const next = expect(chunks.next()).rejects.toMatchObject({ code: 'WORKER_SILENT' });
    await clock.advance(29_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await next;
    expect(clock.pending).toBe(0);
  });

  test('is not blamed for the silence of a slow reader', async () => {
    const bytes = Buffer.alloc(32 << 20, 'x');
    await using server = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.end(bytes);
    });
    const clock = new FakeClock();
    using reader = openWorkerReader({ clock });
    const answer = await reader.read(workerAt(server.url), '/jobs', { signal });
    let received = 0;
    for await (const chunk of answer.body) {
      if (received === 0) await clock.advance(600_000);
      received += chunk.length;
    }
    expect(received).toBe(bytes.length);
  });

  test('with a URL whose path begins with two slashes gets that path', async () => {
    await using server = await rawServer((socket, text) => {
      socket.end(`HTTP/1.1 200 OK\r\n\r\n${text.split(' ')[1] ?? ''}`);
    });
    const url = `${server.url}/elsewhere.example/`;
    using reader = openWorkerReader();
    const answer = await reader.read(workerAt(url), '/jobs?x=1', { signal });
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    expect(text).toBe('//elsewhere.example/jobs?x=1');
  });
});

/** A server that handles each connection as the test says, after its first data. */
async function rawServer(serve: (socket: Socket, text: string) => void) {
  const sockets = new Set<Socket>();
  const asked = new Deferred();
  const server = createRawServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', (text) => {
      serve(socket, String(text));
      asked.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    /** Resolves with the first request. */
    asked: asked.promise,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
