import { createServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { zeroTime, type WorkerStatus } from '@tunasync/protocol';
import { testAuthority } from '@tunasync/test-utils';
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
  const times = { answerMs: 300, silenceMs: 300 };
  const signal = AbortSignal.timeout(20_000);

  test('that never begins to answer, or drips its headers, is given up', async () => {
    await using mute = await rawServer(() => undefined);
    await using dripping = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drip = setInterval(() => socket.write('x'), 50);
      socket.once('close', () => {
        clearInterval(drip);
      });
    });
    for (const { url } of [mute, dripping]) {
      using reader = openWorkerReader({}, times);
      await expect(reader.read(workerAt(url), '/jobs', { signal })).rejects.toMatchObject({
        code: 'WORKER_SILENT',
        status: 504,
        message: 'worker w1 does not answer in time',
      });
    }
  });

  test('that falls silent in the middle of an answer is given up', async () => {
    await using server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc');
    });
    using reader = openWorkerReader({}, times);
    const answer = await reader.read(workerAt(server.url), '/jobs', { signal });
    await expect(
      (async () => {
        for await (const chunk of answer.body) expect(Buffer.from(chunk).toString()).toBe('abc');
      })(),
    ).rejects.toMatchObject({ code: 'WORKER_SILENT' });
  });

  test('is not blamed for the silence of a slow reader', async () => {
    const bytes = Buffer.alloc(32 << 20, 'x');
    await using server = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.end(bytes);
    });
    using reader = openWorkerReader({}, times);
    const answer = await reader.read(workerAt(server.url), '/jobs', { signal });
    let received = 0;
    for await (const chunk of answer.body) {
      if (received === 0) await new Promise((resolve) => setTimeout(resolve, 1200));
      received += chunk.length;
    }
    expect(received).toBe(bytes.length);
  });

  test('with a URL whose path begins with two slashes gets that path', async () => {
    await using server = await rawServer((socket, text) => {
      socket.end(`HTTP/1.1 200 OK\r\n\r\n${text.split(' ')[1] ?? ''}`);
    });
    const url = `${server.url}/elsewhere.example/`;
    using reader = openWorkerReader({}, times);
    const answer = await reader.read(workerAt(url), '/jobs?x=1', { signal });
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    expect(text).toBe('//elsewhere.example/jobs?x=1');
  });
});

/** A server that handles each connection as the test says, after its first data. */
async function rawServer(serve: (socket: Socket, text: string) => void) {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', (text) => {
      serve(socket, String(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
