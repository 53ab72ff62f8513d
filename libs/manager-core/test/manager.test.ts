import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { Agent, request as requestTls } from 'node:https';
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, type MemoryLogger } from '@tunasync/logger';
import { CachedStore, memoryStore } from '@tunasync/store';
import { tempDir, tlsFixture, waitFor } from '@tunasync/test-utils';
import { createManager, type Manager, type ManagerOptions } from '../src/index.js';
import { reportOf } from './api.js';
import { call } from './http-call.js';

async function makeManager(
  options: Partial<ManagerOptions> & { server?: Partial<ManagerOptions['config']['server']> } = {},
): Promise<{ manager: Manager; logger: MemoryLogger; store: CachedStore }> {
  const { server, ...rest } = options;
  const logger = memoryLogger();
  const store = await CachedStore.open(memoryStore());
  const config = { server: { addr: '127.0.0.1', port: 0, tls: undefined, ...server } };
  return { manager: createManager({ config, store, logger, ...rest }), logger, store };
}

const urlOf = (manager: Manager): string => manager.url ?? 'not started';

function openSocket(manager: Manager): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(urlOf(manager)).port), '127.0.0.1', () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** A command sender that waits until it is told to answer. */
function slowWorker(): {
  send: () => Promise<{ status: number; message: string }>;
  answer: () => void;
  asked: () => boolean;
} {
  let answer = (): void => undefined;
  let asked = false;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  return {
    send: async () => {
      asked = true;
      await answered;
      return { status: 200, message: 'OK' };
    },
    answer: () => {
      answer();
    },
    asked: () => asked,
  };
}

test('what is in the database of an older manager is shown without passwords, before anybody reports anew', async () => {
  const { manager, store, logger } = await makeManager();
  const upstream = 'rsync://joe:hunter2@upstream.example/a/';
  await store.write([
    { type: 'put-status', status: reportOf('a', { upstream, status: 'disabled', stale_after: 60 }) },
    { type: 'put-status', status: reportOf('b') },
  ]);
  await manager.start();
  try {
    expect((await call(urlOf(manager), 'GET', '/jobs')).json).toMatchObject([
      { name: 'a', status: 'disabled', upstream: 'rsync://joe@upstream.example/a/' },
      { name: 'b', upstream: 'rsync://upstream.example/b/' },
    ]);
    expect(await store.getStatus('w1', 'a')).toMatchObject({ stale_after: 60 });
  } finally {
    await manager.stop();
  }
  expect(logger.messages('warn')).toEqual([]);
});

test('a manager starts though the database cannot be written', async () => {
  const logger = memoryLogger();
  const backEnd = memoryStore();
  const upstream = 'https://hunter2@upstream.example/a/';
  await backEnd.write([{ type: 'put-status', status: reportOf('a', { upstream }) }]);
  const store = await CachedStore.open({
    ...backEnd,
    write: () => Promise.reject(new Error('no space left')),
  });
  const config = { server: { addr: '127.0.0.1', port: 0, tls: undefined } };
  const manager = createManager({ config, store, logger });
  await manager.start();
  await manager.stop();
  expect(logger.messages('warn')[0]).toMatch(
    /^Passwords in upstreams of older workers are still in the database: .*no space left/,
  );
});

describe('createManager', () => {
  test('listens from start to stop, says where, and can be started again', async () => {
    const { manager, logger } = await makeManager();
    expect(manager.url).toBeUndefined();
    await Promise.all([manager.start(), manager.start()]);
    const url = urlOf(manager);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await call(url, 'GET', '/ping')).toMatchObject({ status: 200, json: { message: 'pong' } });
    await Promise.all([manager.stop(), manager.stop()]);
    expect(manager.url).toBeUndefined();
    await expect(call(url, 'GET', '/ping')).rejects.toThrow('ECONNREFUSED');
    await manager.start();
    expect((await call(urlOf(manager), 'GET', '/ping')).status).toBe(200);
    await manager[Symbol.asyncDispose]();
    expect(logger.lines.filter(({ level }) => level === 'notice').map(({ message }) => message)).toEqual([
      `Listening on ${url}`,
      'Stopped listening',
      expect.stringMatching(/^Listening on /),
      'Stopped listening',
    ]);
  });

  test('posts commands to real workers', async () => {
    const bodies: string[] = [];
    const worker = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        bodies.push(body);
        response.end('{"msg":"OK"}');
      });
    });
    await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve));
    const { manager } = await makeManager();
    await manager.start();
    try {
      const url = `http://127.0.0.1:${(worker.address() as AddressInfo).port}/`;
      await call(urlOf(manager), 'POST', '/workers', JSON.stringify({ id: 'w1', url }));
      const command = { cmd: 'start', mirror_id: 'a', worker_id: 'w1', options: { force: true } };
      expect(await call(urlOf(manager), 'POST', '/cmd', JSON.stringify(command))).toMatchObject({
        status: 200,
        json: { message: 'successfully send command to worker w1' },
      });
      expect(bodies).toEqual(['{"cmd":"start","mirror_id":"a","args":null,"options":{"force":true}}']);
    } finally {
      await manager.stop();
      worker.closeAllConnections();
      worker.close();
    }
    // the worker is gone
    await using other = (await makeManager()).manager;
    await other.start();
    await call(urlOf(other), 'POST', '/workers', '{"id":"w1","url":"http://127.0.0.1:9/"}');
    const answer = await call(urlOf(other), 'POST', '/cmd', '{"cmd":"reload","worker_id":"w1"}');
    expect(answer.status).toBe(500);
    expect((answer.json as { error: string }).error).toMatch(
      /^post command to worker w1\(http:\/\/127\.0\.0\.1:9\/\) fail: /,
    );
  });

  test('keeps the status file', async () => {
    await using dir = await tempDir();
    const statusFile = join(dir.path, 'tunasync.json');
    const logger = memoryLogger();
    const store = await CachedStore.open(memoryStore());
    const server = { addr: '127.0.0.1', port: 0, tls: undefined };
    const manager = createManager({ config: { server, files: { statusFile } }, store, logger });
    await manager.start();
    expect(await waitFor('the file', () => readFile(statusFile, 'utf8'))).toBe('[]');
    await call(urlOf(manager), 'POST', '/workers', '{"id":"w1"}');
    await call(urlOf(manager), 'POST', '/workers/w1/jobs/a', JSON.stringify(reportOf('a')));
    const { bytes } = await call(urlOf(manager), 'GET', '/jobs');
    await manager.stop();
    expect(await readFile(statusFile, 'utf8')).toBe(bytes.toString());
    expect(bytes.toString()).toContain('"name":"a"');
  });

  test('speaks HTTPS with certificate and key', async () => {
    const { certFile, keyFile, cert } = tlsFixture();
    const { manager } = await makeManager({ server: { tls: { certFile, keyFile } } });
    await using running = manager;
    await running.start();
    expect(running.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      const options = { agent: new Agent({ ca: cert, keepAlive: false }) };
      requestTls(`${urlOf(running)}/ping`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  test.each([
    [
      { certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' },
      /^server\.ssl_cert: cannot read \/nowhere\/cert\.pem: the file does not exist; server\.ssl_key: /,
    ],
    [
      { certFile: tlsFixture().keyFile, keyFile: tlsFixture().certFile },
      /^server\.ssl_cert: \/.*: expected a certificate in PEM form; server\.ssl_key: \/.*: expected a private key in PEM form/,
    ],
    [
      { certFile: join(dirname(tlsFixture().certFile), 'other-ca.pem'), keyFile: tlsFixture().keyFile },
      /^server\.ssl_key: \/.*: it is not the key of the certificate \//,
    ],
  ])('certificates that cannot be used keep it from starting: %j', async (tls, message) => {
    const { manager } = await makeManager({ server: { tls } });
    await expect(manager.start()).rejects.toMatchObject({
      code: 'TLS_INVALID',
      message: expect.stringMatching(message),
    });
    expect(manager.url).toBeUndefined();
  });

  test('a certificate authority that is none keeps it from starting', async () => {
    const { keyFile } = tlsFixture();
    const store = await CachedStore.open(memoryStore());
    const config = { server: { addr: '127.0.0.1', port: 0 }, files: { caCertFile: keyFile } };
    const manager = createManager({ config, store, logger: memoryLogger() });
    await expect(manager.start()).rejects.toMatchObject({
      code: 'TLS_INVALID',
      message: `files.ca_cert: ${keyFile}: expected a certificate in PEM form`,
    });
  });

  test('a port in use keeps it from starting, with one clear line; later it can start', async () => {
    const holder = createNetServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const { manager } = await makeManager({ server: { port } });
    await expect(manager.start()).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
    await new Promise((resolve) => holder.close(resolve));
    await manager.start();
    expect(manager.url).toBe(`http://127.0.0.1:${port}`);
    await manager.stop();
  });

  test.each([
    ['192.0.2.1', 'cannot listen on 192.0.2.1:0: this machine has no such address'],
    ['[2001:db8::1]', 'cannot listen on [2001:db8::1]:0: this machine has no such address'],
  ])('an address that is not here keeps it from starting: %s', async (addr, message) => {
    const { manager } = await makeManager({ server: { addr } });
    await expect(manager.start()).rejects.toMatchObject({ code: 'LISTEN_FAILED', message });
  });

  test.each(['[::1]', '::1'])('listens on IPv6: %s', async (addr) => {
    const { manager } = await makeManager({ server: { addr } });
    await using running = manager;
    await running.start();
    expect(running.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    const status = await new Promise((resolve, reject) => {
      request(`${urlOf(running)}/ping`, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  test.each(['', '[::]', '0.0.0.0'])('listens on all interfaces: %j', async (addr) => {
    const { manager } = await makeManager({ server: { addr } });
    await using running = manager;
    await running.start();
    const { port } = new URL(urlOf(running));
    expect((await call(`http://127.0.0.1:${port}`, 'GET', '/ping')).status).toBe(200);
    expect((await call(`http://127.0.0.2:${port}`, 'GET', '/ping')).status).toBe(200);
  });
});

describe('connections', () => {
  test('idle ones are closed, used or not', async () => {
    const { manager } = await makeManager({ idleTimeoutMs: 100 });
    await using running = manager;
    await running.start();
    const [silent, used] = [await openSocket(running), await openSocket(running)];
    let answer = '';
    used.on('data', (chunk) => (answer += chunk.toString()));
    silent.resume();
    used.write('GET /ping HTTP/1.1\r\nhost: x\r\n\r\n');
    await waitFor('the answer', () => answer.includes('pong'));
    expect(used.closed).toBe(false);
    await waitFor('both to be closed', () => silent.closed && used.closed);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('two thousand are held at a time', async () => {
    const { manager } = await makeManager();
    await using running = manager;
    await running.start();
    const sockets = await Promise.all(Array.from({ length: 2000 }, () => openSocket(running)));
    for (const socket of sockets) socket.on('error', () => undefined);
    expect((await call(urlOf(running), 'GET', '/ping')).status).toBe(200);
    expect(sockets.every((socket) => !socket.destroyed)).toBe(true);
    for (const socket of sockets) socket.destroy();
  });

  test.each([
    ['HELLO\r\n\r\n', 400, 'this is not an HTTP request'],
    [
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      431,
      'the request line and headers are too large',
    ],
  ])('what is no request is refused: %.20s', async (text, status, error) => {
    const { manager } = await makeManager();
    await using running = manager;
    await running.start();
    const socket = await openSocket(running);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write(text);
    await waitFor('the connection to be closed', () => socket.closed);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(JSON.parse(body)).toEqual({ error });
    expect((await call(urlOf(running), 'GET', '/ping')).status).toBe(200);
  });
});

describe('stop', () => {
  test('answers what is under way, closes idle connections, accepts nothing more', async () => {
    const worker = slowWorker();
    const { manager } = await makeManager({ sendCommand: worker.send });
    await manager.start();
    const url = urlOf(manager);
    await call(url, 'POST', '/workers', '{"id":"w1"}');
    const idle = await openSocket(manager);
    idle.resume();
    const pending = call(url, 'POST', '/cmd', '{"cmd":"reload","worker_id":"w1"}');
    await waitFor('the command', worker.asked);
    let stopped = false;
    const stopping = manager.stop().then(() => (stopped = true));
    await waitFor('the port to be closed', () =>
      call(url, 'GET', '/ping').then(
        () => false,
        () => true,
      ),
    );
    expect(stopped).toBe(false);
    worker.answer();
    const answer = await pending;
    expect(answer.status).toBe(200);
    expect(answer.headers['connection']).toBe('close');
    await stopping;
    await waitFor('the idle connection to be closed', () => idle.closed);
  });

  test('does not wait for ever', async () => {
    const worker = slowWorker();
    const { manager } = await makeManager({ sendCommand: worker.send, stopGraceMs: 50 });
    await manager.start();
    await call(urlOf(manager), 'POST', '/workers', '{"id":"w1"}');
    const pending = call(urlOf(manager), 'POST', '/cmd', '{"cmd":"reload","worker_id":"w1"}').catch(
      (error: unknown) => String(error),
    );
    await waitFor('the command', worker.asked);
    await manager.stop();
    expect(await pending).toMatch(/socket hang up|ECONNRESET/);
    worker.answer();
  });
});
