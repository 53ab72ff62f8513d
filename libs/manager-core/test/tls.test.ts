import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { managerRoutes } from '@tunasync/protocol';
import { CachedStore, memoryStore } from '@tunasync/store';
import {
  tempDir,
  testAuthority,
  waitFor,
  type TempDir,
  type TestAuthority,
  type TestCertificate,
} from '@tunasync/test-utils';
import { createManager } from '../src/index.js';
import { httpsCall } from './https-call.js';
import { madeUpSite } from './made-up-site.js';

let folder: TempDir;
let ca: TestAuthority;
let other: TestAuthority;
let worker: TestCertificate;

beforeAll(async () => {
  folder = await tempDir();
  ca = await testAuthority();
  other = await testAuthority('Other CA');
  worker = await ca.issue({ name: 'worker', hosts: [] });
});
afterAll(() => folder.remove());

/** A manager with certificates in files of its own. */
async function start(options: { clientCa?: boolean; site?: string } = { clientCa: true }) {
  const at = await tempDir();
  const path = (name: string): string => join(at.path, name);
  const put = (name: string, { cert, key }: TestCertificate) =>
    Promise.all([writeFile(path(`${name}.pem`), cert), writeFile(path(`${name}-key.pem`), key)]);
  await put('server', await ca.issue({ name: 'manager' }));
  await put('client', await ca.issue({ name: 'manager as client' }));
  await writeFile(path('ca.pem'), ca.cert);
  await writeFile(path('client-ca.pem'), ca.cert);
  const logger = memoryLogger();
  const store = await CachedStore.open(memoryStore());
  const manager = createManager({
    config: {
      server: {
        addr: '127.0.0.1',
        port: 0,
        tls: { certFile: path('server.pem'), keyFile: path('server-key.pem') },
        clientCaFile: options.clientCa === true ? path('client-ca.pem') : '',
        clientCert: { certFile: path('client.pem'), keyFile: path('client-key.pem') },
      },
      files: { caCertFile: path('ca.pem') },
    },
    store,
    logger,
    ...(options.site === undefined ? {} : { ui: { folder: options.site } }),
  });
  await manager.start();
  const warnings = (): string[] =>
    logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return {
    manager,
    url: manager.url ?? '',
    port: Number(new URL(manager.url ?? '').port),
    store,
    path,
    put,
    warnings,
    [Symbol.asyncDispose]: async () => {
      await manager[Symbol.asyncDispose]();
      await at.remove();
    },
  };
}

const none = 'a client certificate is needed here, and none was shown';

describe('with client_ca', () => {
  test('everybody may read /jobs and /ping, nobody anything else without a certificate', async () => {
    await using running = await start();
    const open: string[] = [];
    for (const { method, path } of [
      ...Object.values(managerRoutes),
      { method: 'GET', path: '/nothing' },
      { method: 'POST', path: '/jobs' },
      { method: 'GET', path: '/Jobs' },
      { method: 'GET', path: '/jobs/' },
      { method: 'GET', path: '//jobs' },
      { method: 'GET', path: '/jobs?worker=w' },
      { method: 'HEAD', path: '/jobs' },
    ]) {
      const answer = await httpsCall(running.url, method, path.replaceAll(':', ''), {
        ca: ca.cert,
        ...(method === 'POST' ? { body: '{"id":"x","cmd":"stop"}' } : {}),
      });
      if (answer.status === 403) expect(answer.json).toEqual({ error: none });
      else open.push(`${method} ${path} ${answer.status}`);
    }
    expect(open).toEqual(['GET /ping 200', 'GET /jobs 200', 'GET /jobs?worker=w 200', 'HEAD /jobs 200']);
    expect([...running.store.workers()]).toEqual([]);
    // not a line a request
    expect(running.warnings()).toEqual([`a request of 127.0.0.1 is refused: ${none}`]);
  });

  test('everybody may see the public status page with its files, nobody any other page', async () => {
    await using site = await madeUpSite();
    await using running = await start({ clientCa: true, site: site.folder });
    const statusOf = async (method: string, path: string, shown = {}): Promise<number | undefined> =>
      (await httpsCall(running.url, method, path, { ca: ca.cert, ...shown })).status;
    const script = '/ui/assets/index-Bx1_-9.js';
    for (const path of ['/ui/status', '/ui/status?lang=zh', script, '/ui/icon.svg', '/jobs']) {
      expect([path, await statusOf('GET', path), await statusOf('HEAD', path)]).toEqual([path, 200, 200]);
      expect([path, await statusOf('POST', path)]).toEqual([path, 403]);
    }
    expect(await statusOf('GET', '/ui/assets/nothing.js')).toBe(404);
    for (const path of [
      '/',
      '/ui',
      '/ui/',
      '/ui/index.html',
      '/ui/status/',
      '/ui/Status',
      '//ui/status',
      '/ui/mirrors/w/n',
      '/ui/api',
      '/ui/api-page.js',
      '/ui/assets/',
      '/ui/assets/../../workers',
      '/ui/assets/..%2f..%2fworkers',
      '/ui/assets/x/../../../workers',
      '/ui/status/../../workers',
      '/ui/status%2f..%2f..%2fworkers',
      '/ui/assets/%2e%2e/index.html',
      '/workers#/ui/status',
      '/workers?/ui/status',
      '/api/jobs',
      '/api/events',
      '/api/openapi.json',
    ]) {
      expect([path, await statusOf('GET', path)]).toEqual([path, 403]);
    }
    expect(await statusOf('GET', '/ui/', worker)).toBe(200);
    expect(await statusOf('GET', '/ui/api', worker)).toBe(200);
  });

  test('a certificate of that authority opens every route', async () => {
    await using running = await start();
    const asked = { ca: ca.cert, ...worker };
    const body = '{"id":"w1","url":"https://w1:1/"}';
    expect((await httpsCall(running.url, 'POST', '/workers', { ...asked, body })).status).toBe(200);
    expect(await httpsCall(running.url, 'GET', '/workers', asked)).toMatchObject({
      status: 200,
      json: [{ id: 'w1' }],
    });
    expect((await httpsCall(running.url, 'GET', '/nothing', asked)).status).toBe(404);
    expect(running.warnings()).toEqual([]);
  });

  test('any other is refused with the reason, told to both sides', async () => {
    await using running = await start();
    const cases: [TestCertificate, string, string][] = [
      [
        await other.issue({ name: 'stranger' }),
        'is not signed by an authority that is trusted here',
        'stranger',
      ],
      [await ca.issue({ name: 'old', from: new Date(0), to: new Date('2020-01-01') }), 'has expired', 'old'],
      [
        await ca.issue({ name: 'new', from: new Date('2199-01-01'), to: new Date('2199-01-02') }),
        'is not valid yet',
        'new',
      ],
    ];
    for (const [certificate, why, name] of cases) {
      const answer = await httpsCall(running.url, 'POST', '/cmd', { ca: ca.cert, ...certificate });
      expect(answer).toMatchObject({ status: 403, json: { error: `the client certificate ${why}` } });
      expect(running.warnings().at(-1)).toBe(
        `a request of 127.0.0.1 is refused: the client certificate ${why} (CN=${name})`,
      );
    }
    expect(running.warnings()).toHaveLength(3);
  });

  test('a resumed session is no way around it', async () => {
    await using running = await start();
    const session = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect({ port: running.port, host: '127.0.0.1', ca: ca.cert }, () => {
        socket.write('GET /ping HTTP/1.1\r\nhost: x\r\n\r\n');
      });
      socket.once('session', (ticket) => {
        resolve(ticket);
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(await httpsCall(running.url, 'GET', '/workers', { ca: ca.cert, session })).toMatchObject({
      resumed: true,
      status: 403,
      json: { error: none },
    });
  });

  test('an authority that is exchanged shuts out its clients, on open connections and resumed sessions too', async () => {
    await using running = await start();
    using agent = new ClosingAgent({ keepAlive: true, ca: ca.cert, ...worker });
    const ask = () => httpsCall(running.url, 'GET', '/workers', { agent });
    const first = await ask();
    expect((await ask()).localPort).toBe(first.localPort);
    await writeFile(running.path('client-ca.pem'), other.cert);
    await running.manager.checkCertificates();
    await waitFor('the refusal', async () => (await ask().catch(() => undefined))?.status === 403);
    expect(running.warnings()).toEqual([
      'a request of 127.0.0.1 is refused: the client certificate is not signed by an authority that is trusted here (CN=worker)',
    ]);
    const stranger = await other.issue();
    expect((await httpsCall(running.url, 'GET', '/workers', { ca: ca.cert, ...stranger })).status).toBe(200);
  });

  test('an authority that is exchanged shuts out connections, too, on which nothing was asked before', async () => {
    await using running = await start();
    const socket = connect({ port: running.port, host: '127.0.0.1', ca: ca.cert, ...worker });
    const answer = received(socket);
    // a ticket comes when the server has seen the certificate
    await once(socket, 'session');
    await writeFile(running.path('client-ca.pem'), other.cert);
    await running.manager.checkCertificates();
    socket.on('error', () => undefined);
    socket.write('GET /workers HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await answer.catch(() => '')).not.toContain('HTTP/1.1 200');
  });
});

/** What comes back on a connection until it ends. */
function received(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(text);
    });
  });
}

/** An agent that `using` closes. */
class ClosingAgent extends Agent implements Disposable {
  [Symbol.dispose](): void {
    this.destroy();
  }
}

describe('certificates', () => {
  test('are taken over while the manager runs; broken ones are not', async () => {
    await using running = await start({});
    expect((await httpsCall(running.url, 'GET', '/ping', { ca: ca.cert })).server).toBe('manager');
    await running.put('server', await ca.issue({ name: 'renewed' }));
    await running.manager.checkCertificates();
    expect((await httpsCall(running.url, 'GET', '/ping', { ca: ca.cert })).server).toBe('renewed');
    await writeFile(running.path('server.pem'), worker.cert.slice(0, 400));
    await running.manager.checkCertificates();
    expect((await httpsCall(running.url, 'GET', '/ping', { ca: ca.cert })).server).toBe('renewed');
    expect(running.warnings()).toEqual([
      `server.ssl_cert: ${running.path('server.pem')}: it is cut off: a certificate in it has no end; what was there before stays in force`,
    ]);
  });

  test('a stopped manager looks at nothing', async () => {
    await using running = await start({});
    await running.manager.stop();
    await writeFile(running.path('server.pem'), 'broken');
    await running.manager.checkCertificates();
    expect(running.warnings()).toEqual([]);
    await expect(running.manager.start()).rejects.toMatchObject({ code: 'TLS_INVALID' });
  });

  test("the manager's own is shown to workers, and a new one once it is there", async () => {
    await using running = await start({});
    const shown: string[] = [];
    const server = await ca.issue({ name: 'the worker' });
    const options = { ...server, ca: ca.cert, requestCert: true };
    const listening = createServer(options, (incoming, response) => {
      const { socket } = incoming;
      shown.push((socket instanceof TLSSocket && socket.getPeerX509Certificate()?.subject) || '');
      response.end('{"msg":"OK"}');
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    try {
      const workerUrl = `https://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
      const post = (path: string, body: object) =>
        httpsCall(running.url, 'POST', path, { ca: ca.cert, body: JSON.stringify(body) });
      await post('/workers', { id: 'w1', url: workerUrl });
      const command = { cmd: 'reload', worker_id: 'w1' };
      expect(await post('/cmd', command)).toMatchObject({ status: 200 });
      await running.put('client', await ca.issue({ name: 'renewed' }));
      await running.manager.checkCertificates();
      expect(await post('/cmd', command)).toMatchObject({ status: 200 });
      expect(shown).toEqual(['CN=manager as client', 'CN=renewed']);
      await running.put('client', await other.issue());
      await running.manager.checkCertificates();
      const refused = await post('/cmd', command);
      expect([refused.status, shown.length]).toEqual([500, 2]);
      await writeFile(running.path('ca.pem'), other.cert);
      await running.manager.checkCertificates();
      expect((await post('/cmd', command)).json).toEqual({
        error: expect.stringMatching(/fail: .*TLS: its certificate is not signed by a trusted authority$/),
      });
    } finally {
      listening.closeAllConnections();
      listening.close();
    }
  });

  test('of a handshake that fails the log says why', async () => {
    await using running = await start();
    await new Promise<void>((resolve) => {
      request({ port: running.port, host: '127.0.0.1', agent: false }, (response) => {
        response.resume().once('end', resolve);
      })
        .once('error', () => {
          resolve();
        })
        .end();
    });
    await waitFor('the line', () => running.warnings().length === 1);
    await writeFile(running.path('other.pem'), other.cert);
    const target = ['-connect', `127.0.0.1:${running.port}`, '-CAfile', running.path('other.pem')];
    execFile('openssl', ['s_client', ...target, '-verify_return_error']).stdin?.end();
    await waitFor('the other line', () => running.warnings().length === 2);
    expect(running.warnings()).toEqual([
      'no TLS with 127.0.0.1: it speaks plain HTTP',
      'no TLS with 127.0.0.1: it does not trust the authority of the certificate of this server',
    ]);
  });
});
