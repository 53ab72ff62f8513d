import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { FakeClock, tlsFixture } from '@tunasync/test-utils';
import { Deferred } from '@tunasync/util';
import { listen } from '../src/index.js';
import { parseAnswer, startServer, textOf } from './support.js';

const get = 'GET / HTTP/1.1\r\nhost: m\r\n';
const ok: RequestListener = (_, response) => response.writeHead(200, { 'content-length': 2 }).end('ok');

describe('a server that listens', () => {
  test('has the address that it was given, and its port', async () => {
    await using server = await startServer(ok);
    expect(server.address).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
    expect(server.url).toBe(`http://127.0.0.1:${server.address.port}`);
    await using six = await startServer(ok, { host: '[::1]' });
    expect(six.url).toBe(`http://[::1]:${six.address.port}`);
    expect(await (await fetch(six.url)).text()).toBe('ok');
    await using all = await startServer(ok, { host: '' });
    expect(all.url).toBe(`http://[::]:${all.address.port}`);
    expect(await (await fetch(`http://127.0.0.1:${all.address.port}`)).text()).toBe('ok');
  });

  test.each([
    ['127.0.0.1', /^cannot listen on 127\.0\.0\.1:\d+: the port is in use$/],
    ['192.0.2.1', /^cannot listen on 192\.0\.2\.1:\d+: this machine has no such address$/],
  ])('says why it cannot, at %s', async (host, message) => {
    await using server = await startServer(ok);
    const { port } = server.address;
    await expect(listen({ host, port, handler: ok, logger: nullLogger })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringMatching(message),
    });
  });

  test('says that its certificate is unusable; another one changes nothing then', async () => {
    const { cert, key } = tlsFixture();
    const broken = { cert: 'x', key };
    await expect(startServer(ok, { tls: broken })).rejects.toMatchObject({
      code: 'TLS_INVALID',
      message: expect.stringMatching(/^certificate and key are unusable: /),
    });
    await using secure = await startServer(ok, { tls: { cert, key } });
    expect(secure.url).toMatch(/^https:/);
    expect(() => {
      secure.setTls(broken);
    }).toThrow(expect.objectContaining({ code: 'TLS_INVALID' }));
    await using plain = await startServer(ok);
    expect(() => {
      plain.setTls({ cert, key });
    }).toThrow('the server speaks plain HTTP');
  });
});

describe('a hostile client', () => {
  test.each([
    ['that sends nothing', ''],
    ['that sends half a request line', 'GET /'],
    ['that sends half of its headers', get],
    ['that speaks TLS', '\x16\x03\x01'],
  ])('%s is disconnected', async (_, text) => {
    await using server = await startServer(ok, { idleMs: 100 });
    const answer = await textOf(await server.open(text));
    expect(answer === '' || [400, 408].includes(parseAnswer(answer).status)).toBe(true);
  });

  test('that has been answered and stays is disconnected without a word', async () => {
    await using server = await startServer(ok, { idleMs: 100 });
    expect((await textOf(await server.open(`${get}\r\n`))).endsWith('\r\n\r\nok')).toBe(true);
  });

  test('that drips its body is disconnected with 408 when its time is over', async () => {
    await using server = await startServer((request) => void request.resume(), {
      idleMs: 100,
      requestMs: 300,
    });
    const socket = await server.open('POST / HTTP/1.1\r\nhost: m\r\ncontent-length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 20);
    expect(parseAnswer(await textOf(socket)).status).toBe(408);
    clearInterval(drip);
    socket.destroy();
  });

  test.each([
    [
      'huge headers',
      `${get}x: ${'x'.repeat(100_000)}\r\n\r\n`,
      431,
      'the request line and headers are too large',
    ],
    [
      'many headers',
      `${get}${'x: x\r\n'.repeat(20_000)}\r\n`,
      431,
      'the request line and headers are too large',
    ],
    [
      'a huge path',
      `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
      431,
      'the request line and headers are too large',
    ],
    ['rubbish', 'rubbish\r\n\r\n', 400, 'this is not an HTTP request'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, undefined],
    [
      'two lengths',
      `POST / HTTP/1.1\r\nhost: m\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx`,
      400,
      'this is not an HTTP request',
    ],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\nhost: m\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'this is not an HTTP request',
    ],
  ])('that sends %s is refused and disconnected', async (_, text, status, message) => {
    const asked: IncomingMessage[] = [];
    await using server = await startServer((request) => void asked.push(request), {
      errorText: (error) => JSON.stringify({ msg: error }),
    });
    const answer = parseAnswer(await textOf(await server.open(text)));
    expect(answer.status).toBe(status);
    if (message !== undefined) {
      expect(answer).toMatchObject({
        headers: { 'content-type': 'application/json; charset=utf-8', connection: 'close' },
        body: JSON.stringify({ msg: message }),
      });
    }
    expect(asked).toHaveLength(0);
  });

  test('that sends rubbish behind a request still gets its answer whole', async () => {
    const answering = new Deferred<ServerResponse>();
    await using server = await startServer((_, response) => {
      answering.resolve(response.writeHead(200, { 'content-length': 8 }));
      response.write('half');
    });
    const socket = await server.open(`${get}\r\nrubbish\r\n\r\n`);
    const text = textOf(socket);
    const response = await answering.promise;
    response.end('half');
    expect((await text).endsWith('\r\n\r\nhalfhalf')).toBe(true);
  });

  test('that sends a broken body while it is answered is cut off', async () => {
    await using server = await startServer((_, response) => void response.writeHead(200).write('begun'));
    const socket = await server.open('POST / HTTP/1.1\r\nhost: m\r\ntransfer-encoding: chunked\r\n\r\n');
    const text = textOf(socket);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('zz\r\n');
    expect(parseAnswer(await text).body).not.toContain('not an HTTP request');
  });

  test('that reads nothing is disconnected', async () => {
    const closed = new Deferred();
    await using server = await startServer(
      (_, response) => {
        response.once('close', () => {
          closed.resolve();
        });
        response.writeHead(200).end(Buffer.alloc(64 << 20));
      },
      { slowReaderMs: 200 },
    );
    const socket = await server.open(`${get}\r\n`);
    socket.on('error', () => undefined).pause();
    await closed.promise;
    socket.destroy();
  });

  test('that closes its half of the connection still gets its answer', async () => {
    const answering = new Deferred<ServerResponse>();
    await using server = await startServer((_, response) => {
      answering.resolve(response);
    });
    const socket = await server.open(`${get}\r\n`);
    socket.end();
    const text = textOf(socket);
    (await answering.promise).end('late');
    expect(await text).toContain('late');
  });

  test('that leaves during its answer leaves nothing behind', async () => {
    const closed = new Deferred();
    await using server = await startServer((_, response) => {
      response.once('close', () => {
        closed.resolve();
      });
      response.writeHead(200).write('x'.repeat(1 << 20));
    });
    const socket = await server.open(`${get}\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await closed.promise;
  });

  test('finds no place beyond the limit of connections', async () => {
    await using server = await startServer(ok, { maxConnections: 1 });
    const first = await server.open();
    expect(await textOf(await server.open(`${get}\r\n`))).toBe('');
    first.destroy();
  });
});

describe('a server that is closed', () => {
  test('finishes running answers, closes idle connections at once, and leaves no timer', async () => {
    const answering = new Deferred<ServerResponse>();
    const clock = new FakeClock();
    const server = await startServer(
      (_, response) => {
        answering.resolve(response);
      },
      { clock },
    );
    const [idle, busy] = [await server.open(), await server.open(`${get}\r\n`)];
    const texts = [textOf(idle), textOf(busy)];
    const response = await answering.promise;
    const closed = server.close(5000);
    expect(await texts[0]).toBe('');
    expect(clock.pending).toBe(1);
    response.end('done');
    await closed;
    expect(parseAnswer((await texts[1])!)).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(clock.pending).toBe(0);
    await expect(refusedAt(server.address.port)).resolves.toBe('ECONNREFUSED');
  });

  test('cuts answers off that take longer than their time', async () => {
    const answering = new Deferred<ServerResponse>();
    const clock = new FakeClock();
    const server = await startServer(
      (_, response) => {
        answering.resolve(response.writeHead(200));
      },
      {
        clock,
      },
    );
    const socket = await server.open(`${get}\r\n`);
    const text = textOf(socket);
    (await answering.promise).write('endless');
    await new Promise((resolve) => socket.once('data', resolve));
    const closed = server.close(5000);
    await clock.advance(5000);
    await closed;
    expect(await text).toContain('endless');
  });
});

test('a client without an accepted certificate is refused, except for public requests', async () => {
  const { cert, key } = tlsFixture();
  const logger = memoryLogger();
  await using server = await startServer(ok, {
    tls: { cert, key, clientCa: cert },
    logger,
    isPublic: ({ url }) => url === '/public',
    errorText: (message) => message,
  });
  const { request } = await import('node:https');
  const statusOf = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(
        `${server.url}${path}`,
        { ca: cert, agent: false, checkServerIdentity: () => undefined },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
  expect([await statusOf('/public'), await statusOf('/other')]).toEqual([200, 403]);
  expect(logger.messages('warn')).toEqual([expect.stringContaining('a client certificate is needed')]);
});

function refusedAt(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    connect(port, '127.0.0.1').on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
  });
}
