import { request as httpRequest } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { reservePort, tlsFixture } from '@tunasync/test-utils';
import { createCommandServer, type CommandServerOptions } from '../src/http/index.js';
import type { CommandResult, CommandTarget, WorkerCommand } from '../src/interfaces/commands.js';

function recordingTarget(result: CommandResult = { status: 200, message: 'OK' }): CommandTarget & {
  commands: WorkerCommand[];
} {
  const commands: WorkerCommand[] = [];
  return {
    commands,
    command(command) {
      commands.push(command);
      return Promise.resolve(result);
    },
  };
}

async function started(options: Partial<CommandServerOptions> = {}) {
  const target = recordingTarget();
  const server = createCommandServer({
    target,
    logger: nullLogger,
    host: '127.0.0.1',
    port: 0,
    ...options,
  });
  await server.start();
  const url = `http://127.0.0.1:${server.address!.port}/`;
  return {
    target,
    server,
    url,
    async post(body: string, path = '') {
      const response = await fetch(`${url}${path}`, { method: 'POST', body });
      return { status: response.status, body: await response.json() };
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** A post with headers that `fetch` does not allow. */
function postAs(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('commands', () => {
  test('reach the target with their mirror and options', async () => {
    await using running = await started();
    await running.post('{"cmd":"start","mirror_id":"debian","args":null,"options":{"force":true}}');
    await running.post('{"cmd":"stop","mirror_id":"debian","options":{"force":true}}');
    await running.post('{"cmd":"reload"}');
    await running.post('{"cmd":"reload","mirror_id":"debian"}');
    expect(running.target.commands).toEqual([
      { verb: 'start', mirror: 'debian', force: true },
      { verb: 'stop', mirror: 'debian' },
      { verb: 'reload', mirror: '' },
      { verb: 'reload', mirror: '' },
    ]);
  });

  test.each([
    [{ origin: 'http://evil.example' }],
    [{ origin: 'null', 'content-type': 'text/plain' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-origin' }],
  ])('of a browser are refused, because no manager is one (%j)', async (headers) => {
    await using running = await started();
    const { status, text } = await postAs(running.url, headers, '{"cmd":"stop","mirror_id":"debian"}');
    expect([status, JSON.parse(text)]).toEqual([403, { msg: 'commands from web pages are refused' }]);
    expect(running.target.commands).toEqual([]);
  });

  test.each([
    ['not JSON', '{bad', 400, 'Invalid request'],
    ['nothing', '', 400, 'Invalid request'],
    ['a list', '[]', 400, /^Invalid request: body: .*expected object/],
    ['null', 'null', 400, /^Invalid request: body: .*expected object/],
    [
      'a number as mirror',
      '{"cmd":"start","mirror_id":7}',
      400,
      /^Invalid request: mirror_id: .*expected string/,
    ],
    ['a text as option', '{"cmd":"start","mirror_id":"a","options":{"force":"yes"}}', 400, /options\.force/],
    ['no verb', '{"mirror_id":"a"}', 406, /^Unknown command '': expected one of start, stop/],
    ['an unknown verb', '{"cmd":"enable","mirror_id":"a"}', 406, /^Unknown command 'enable'/],
    ['a job verb without mirror', '{"cmd":"stop"}', 406, 'The command stop needs a mirror_id'],
    ['a name that leaves its folder', '{"cmd":"stop","mirror_id":"../a"}', 404, "Mirror ``../a'' not found"],
    ['a name with NUL', '{"cmd":"stop","mirror_id":"a\\u0000"}', 404, "Mirror ``a\u0000'' not found"],
  ])('%s is answered without reaching the target', async (_, body, status, message) => {
    await using running = await started();
    const answer = await running.post(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      msg: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(running.target.commands).toEqual([]);
  });

  test('a name of 10,000 characters is not found, in a short answer', async () => {
    await using running = await started();
    const { status, body } = await running.post(
      JSON.stringify({ cmd: 'stop', mirror_id: 'x'.repeat(10_000) }),
    );
    expect([status, JSON.stringify(body).length < 300]).toEqual([404, true]);
  });

  test('a body over 1 MiB is refused with a message', async () => {
    await using running = await started();
    expect(await running.post(`{"cmd":"${'x'.repeat(1024 * 1024)}"}`)).toEqual({
      status: 413,
      body: { msg: 'the body is too large: at most 1048576 bytes are accepted' },
    });
    expect((await running.post('{"cmd":"reload"}')).status).toBe(200);
  });

  test('the answer of the target is passed on: defect 22, a failed reload is not a success', async () => {
    const target = recordingTarget({ status: 500, message: 'worker.conf:3: broken' });
    await using running = await started({ target });
    expect(await running.post('{"cmd":"reload"}')).toEqual({
      status: 500,
      body: { msg: 'worker.conf:3: broken' },
    });
  });

  test('a target that rejects gives a 500 and a log line', async () => {
    const logger = memoryLogger();
    const target: CommandTarget = { command: () => Promise.reject(new RangeError('oops')) };
    await using running = await started({ target, logger });
    expect(await running.post('{"cmd":"ping","mirror_id":"a"}')).toEqual({
      status: 500,
      body: { msg: 'internal error' },
    });
    expect(logger.messages('error')).toEqual(['a command could not be carried out: oops']);
  });

  test('another path or method is 404 in JSON', async () => {
    await using running = await started();
    expect(await running.post('{"cmd":"reload"}', 'jobs?x=1')).toEqual({
      status: 404,
      body: { msg: 'Not found: POST /jobs' },
    });
    const response = await fetch(running.url);
    expect([response.status, await response.json()]).toEqual([404, { msg: 'Not found: GET /' }]);
  });
});

describe('the server', () => {
  test('listens on IPv6 in brackets', async () => {
    await using running = await started({ host: '[::1]' });
    const response = await fetch(`http://[::1]:${running.server.address!.port}/`, {
      method: 'POST',
      body: '{"cmd":"reload"}',
    });
    expect(response.status).toBe(200);
  });

  test('listens everywhere when the address is empty', async () => {
    await using running = await started({ host: '' });
    expect((await running.post('{"cmd":"reload"}')).status).toBe(200);
  });

  test('says which port is in use', async () => {
    await using running = await started();
    const { port } = running.server.address!;
    const second = createCommandServer({
      target: running.target,
      logger: nullLogger,
      host: '127.0.0.1',
      port,
    });
    await expect(second.start()).rejects.toMatchObject({
      code: 'SERVER_LISTEN_FAILED',
      message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
    expect(second.address).toBeUndefined();
    await second.stop();
  });

  test('speaks HTTPS with a certificate', async () => {
    const { cert, key } = tlsFixture();
    await using running = await started({ tls: { cert, key } });
    const { port } = running.server.address!;
    const answer = await new Promise<string>((resolve, reject) => {
      request(
        { host: '127.0.0.1', port, ca: cert, method: 'POST', agent: false },
        (response) => void response.setEncoding('utf8').on('data', resolve),
      )
        .on('error', reject)
        .end('{"cmd":"reload"}');
    });
    expect(answer).toBe('{"msg":"OK"}');
  });

  test('rejects an invalid certificate', async () => {
    const server = createCommandServer({
      target: recordingTarget(),
      logger: nullLogger,
      port: 0,
      tls: { cert: 'x', key: 'y' },
    });
    await expect(server.start()).rejects.toMatchObject({ code: 'SERVER_TLS_INVALID' });
  });

  test('can be started and stopped repeatedly', async () => {
    const port = await reservePort();
    const server = createCommandServer({
      target: recordingTarget(),
      logger: nullLogger,
      host: '127.0.0.1',
      port,
    });
    await Promise.all([server.start(), server.start()]);
    await server.start();
    await Promise.all([server.stop(), server.stop()]);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    await server.start();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    await server.stop();
    await server.stop();
  });

  test('answers running requests when it is stopped', async () => {
    let arrived = (): void => undefined;
    let finish = (_: CommandResult): void => undefined;
    const reached = new Promise<void>((resolve) => (arrived = resolve));
    const result = new Promise<CommandResult>((resolve) => (finish = resolve));
    const target: CommandTarget = {
      command: () => {
        arrived();
        return result;
      },
    };
    await using running = await started({ target });
    const answer = running.post('{"cmd":"reload"}');
    await reached;
    const stopped = running.server.stop();
    finish({ status: 200, message: 'OK' });
    expect(await answer).toEqual({ status: 200, body: { msg: 'OK' } });
    await stopped;
  });

  test.each([
    ['that sends nothing', ''],
    ['that sends half a request', 'POST / HTTP/1.1\r\nhost: x\r\n'],
    ['that is kept alive after an answer', 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('closes a connection %s', async (_, text) => {
    await using running = await started({ idleMs: 200 });
    const { port } = running.server.address!;
    const begun = Date.now();
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => void socket.write(text));
      socket.resume();
      socket.once('close', () => {
        resolve();
      });
      socket.once('error', reject);
    });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(150);
  });
});
