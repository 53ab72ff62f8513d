import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, type MemoryLogger } from '@tunasync/logger';
import { TunasyncError } from '@tunasync/protocol';
import { z } from 'zod';
import {
  csrfGuard,
  dispatcher,
  mountRoutes,
  serveRoute,
  type Reply,
  type ServeOptions,
} from '../src/index.js';
import { ask, connectTo, echoTable, parseAnswer, textOf } from './support.js';

function echo(
  options: Partial<ServeOptions> = {},
  table = echoTable,
): RequestListener & { logger: MemoryLogger } {
  const logger = memoryLogger();
  const serve = dispatcher(table, { logger, maxBodyBytes: 100, ...options });
  const listener: RequestListener = (request, response) => {
    if (!serve(request, response)) response.writeHead(404, { 'content-length': 4 }).end('none');
  };
  return Object.assign(listener, { logger });
}

describe('a request', () => {
  test('reaches its handler with parameters, query and body, decoded and checked', async () => {
    const read = await ask(echo(), 'GET', '/things/a%20b?limit=5&x=1&limit=6');
    expect(read).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
    expect(JSON.parse(read.body)).toEqual({ params: { id: 'a b' }, query: { limit: 6 } });
    const write = await ask(echo(), 'POST', '/things/1', {}, '{"name":"x","more":1}');
    expect(JSON.parse(write.body)).toEqual({ params: { id: '1' }, body: { name: 'x' } });
  });

  test('with HEAD gets the headers of GET and no body', async () => {
    const head = await ask(echo(), 'HEAD', '/things/1');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
  });

  test('that matches no route is left to the caller, untouched', async () => {
    expect(await ask(echo(), 'PUT', '/things/1')).toMatchObject({ status: 404, body: 'none' });
  });

  test.each([
    ['a query that does not fit', 'GET', '/things/1?limit=x', '', 400, /^limit: /],
    [
      'a parameter with broken encoding',
      'GET',
      '/things/%zz',
      '',
      400,
      /^the path is not percent-encoded UTF-8$/,
    ],
    ['no body', 'POST', '/things/1', '', 400, /^the body is empty: expected JSON$/],
    [
      'broken JSON',
      'POST',
      '/things/1',
      '{"name":hush}',
      400,
      /^the body is not valid JSON: Unexpected token 'h'$/,
    ],
    ['a body of another type', 'POST', '/things/1', '[]', 400, /^body: expected object, received array$/],
    [
      'a field of another type',
      'POST',
      '/things/1',
      '{"name":1}',
      400,
      /^name: expected string, received number$/,
    ],
    ['a long body', 'POST', '/things/1', 'x'.repeat(101), 413, /: at most 100 bytes are accepted$/],
  ])('with %s is refused', async (_, method, path, body, status, error) => {
    const answer = await ask(echo(), method, path, {}, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error: expect.stringMatching(error) });
  });

  test('is guarded before anything of it is read, and its parameters are checked next', async () => {
    const guarded = echo({ guard: csrfGuard() });
    const headers = { origin: 'https://evil.example' };
    expect(await ask(guarded, 'POST', '/things/1', headers, 'x'.repeat(200))).toMatchObject({ status: 403 });
    const checked = echo({
      checkParams: ({ id }) => {
        if (id === '1') throw new TunasyncError('ID_TAKEN', 'the id is taken', { status: 409 });
      },
    });
    expect(await ask(checked, 'POST', '/things/1', {}, 'x'.repeat(200))).toMatchObject({ status: 409 });
    expect(await ask(checked, 'GET', '/things/2')).toMatchObject({ status: 200 });
  });

  test('may have a larger body where its route says so', async () => {
    const table = mountRoutes(
      {
        post: {
          method: 'POST',
          path: '/',
          body: z.string(),
          maxBodyBytes: 500,
          reply: z.string(),
          summary: '',
        },
      },
      { post: ({ body }): Reply => ({ value: body.length }) },
    );
    const json = (length: number): string => JSON.stringify('x'.repeat(length - 2));
    expect(await ask(echo({}, table), 'POST', '/', {}, json(500))).toMatchObject({
      status: 200,
      body: '498',
    });
    expect(await ask(echo({}, table), 'POST', '/', {}, json(501))).toMatchObject({ status: 413 });
  });

  test('may come with its body parsed by a framework', async () => {
    const [, write] = echoTable;
    const options = { logger: memoryLogger(), maxBodyBytes: 100 };
    const listener: RequestListener = (request, response) => {
      Object.assign(request, { body: { name: 'parsed' } });
      void serveRoute(write!, request, response, { id: '1' }, options);
    };
    expect(JSON.parse((await ask(listener, 'POST', '/', {}, 'name=parsed')).body)).toMatchObject({
      body: { name: 'parsed' },
    });
  });
});

describe('an error of a handler', () => {
  const failing = (reply: () => Reply | Promise<Reply>, options: Partial<ServeOptions> = {}) => {
    const route = { method: 'GET', path: '/', reply: z.unknown(), summary: '' } as const;
    return echo(options, mountRoutes({ fail: route }, { fail: reply }));
  };
  const throwing = (error: unknown) => (): never => {
    throw error;
  };

  test('that is unexpected is logged with its stack, and the client gets no details', async () => {
    const handler = failing(throwing(new RangeError('secret detail')));
    expect(await ask(handler, 'GET', '/?x=1')).toMatchObject({
      status: 500,
      body: '{"error":"internal error"}',
    });
    expect(handler.logger.lines).toMatchObject([
      {
        level: 'error',
        message: 'GET /?x=1: secret detail',
        fields: { stack: expect.stringContaining('RangeError') },
      },
    ]);
  });

  test('with a code is answered with its status and message, in the form of the server', async () => {
    const handler = failing(throwing(new TunasyncError('GONE', 'it is gone', { status: 410 })), {
      errorText: (message) => JSON.stringify({ msg: message }),
    });
    expect(await ask(handler, 'GET', '/')).toMatchObject({ status: 410, body: '{"msg":"it is gone"}' });
    expect(handler.logger.messages('error')).toEqual([]);
  });

  test('with status 500 is a fault of the server unless it is expected', async () => {
    const error = new TunasyncError('ODD', 'the original answers 500');
    const fault = failing(throwing(error));
    expect(await ask(fault, 'GET', '/')).toMatchObject({
      status: 500,
      body: '{"error":"the original answers 500"}',
    });
    expect(fault.logger.messages('error')).toEqual(['GET /: the original answers 500']);
    const expected = failing(throwing(error), { isExpected: ({ code }) => code === 'ODD' });
    await ask(expected, 'GET', '/');
    expect(expected.logger.messages('error')).toEqual([]);
  });

  test('after the answer began cuts it off, so that it does not look complete', async () => {
    const handler = failing(() => ({
      respond: (_, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('half');
        return Promise.reject(new RangeError('broke'));
      },
    }));
    const client = connectTo(handler);
    const text = textOf(client);
    client.write('GET / HTTP/1.1\r\nhost: m\r\n\r\n');
    expect((await text).includes('internal error')).toBe(false);
    expect(handler.logger.messages('error')).toEqual(['GET /: broke']);
  });
});

describe('a body that misbehaves', () => {
  const head = 'POST /things/1 HTTP/1.1\r\nhost: m\r\n';

  test('by being compressed is refused', async () => {
    const answer = await ask(echo(), 'POST', '/things/1', { 'content-encoding': 'gzip' }, '{}');
    expect(answer).toMatchObject({ status: 415, headers: { connection: 'close' } });
  });

  test('by announcing too much is refused before it is sent', async () => {
    const client = connectTo(echo());
    const text = textOf(client);
    client.write(`${head}content-length: 101\r\n\r\n`);
    const answer = parseAnswer(await text);
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  test('by never ending is refused, read on for a while, and then cut off', async () => {
    const requests: IncomingMessage[] = [];
    const handler = echo();
    const client = connectTo((request, response) => {
      requests.push(request);
      handler(request, response);
    });
    const text = textOf(client);
    const chunk = `64\r\n${'x'.repeat(100)}\r\n`;
    client.write(`${head}transfer-encoding: chunked\r\n\r\n${chunk}${chunk}`);
    await new Promise((resolve) => client.once('data', resolve));
    expect(requests.map(({ destroyed }) => destroyed)).toEqual([false]);
    client.write(chunk.repeat(20));
    expect(parseAnswer(await text).status).toBe(413);
    expect(requests.map(({ destroyed, complete }) => [destroyed, complete])).toEqual([[true, false]]);
  });

  test('by coming in single bytes is put together', async () => {
    const client = connectTo(echo());
    const text = textOf(client);
    const body = '{"name":"镜"}';
    client.write(`${head}connection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`);
    for (const byte of Buffer.from(body)) client.write(Buffer.of(byte));
    expect(JSON.parse(Buffer.from(parseAnswer(await text).body, 'latin1').toString())).toMatchObject({
      body: { name: '镜' },
    });
  });

  test('by breaking off reaches no handler', async () => {
    const handler = echo();
    const closed: Promise<unknown>[] = [];
    const client = connectTo((request, response) => {
      closed.push(new Promise((resolve) => request.once('close', resolve)));
      handler(request, response);
      client.destroy();
    });
    client.on('error', () => undefined);
    client.write(`${head}content-length: 90\r\n\r\n{"name":`);
    await textOf(client);
    await Promise.all(closed);
    expect(handler.logger.messages('error')).toEqual([]);
  });
});
