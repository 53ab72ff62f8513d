import { Agent, request, type RequestOptions } from 'node:https';
import { connect, TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { testAuthority, waitFor, type TestAuthority, type TestCertificate } from '@tunasync/test-utils';
import { createCommandServer } from '../src/http/index.js';
import type { WorkerCommand } from '../src/interfaces/commands.js';

let ca: TestAuthority;
let other: TestAuthority;
let server: TestCertificate;
let manager: TestCertificate;

beforeAll(async () => {
  ca = await testAuthority();
  other = await testAuthority('Other CA');
  server = await ca.issue({ name: 'worker' });
  manager = await ca.issue({ name: 'manager', hosts: [] });
});

async function start(clientCa: string | undefined = ca.cert) {
  const commands: WorkerCommand[] = [];
  const logger = memoryLogger();
  const running = createCommandServer({
    target: {
      command: (command) => {
        commands.push(command);
        return Promise.resolve({ status: 200, message: 'OK' });
      },
    },
    jobs: { worker: 'w1', jobs: () => [] },
    logger,
    host: '127.0.0.1',
    port: 0,
    tls: { ...server, clientCa },
  });
  await running.start();
  const { port } = running.address!;
  const post = (options: RequestOptions & { session?: Buffer } = {}) =>
    new Promise<{ status: number | undefined; body: unknown; server: string | undefined; resumed: boolean }>(
      (resolve, reject) => {
        const sent = request(
          { port, host: '127.0.0.1', method: 'POST', agent: false, ca: ca.cert, ...options },
          (response) => {
            const { socket } = response;
            if (!(socket instanceof TLSSocket)) throw new TypeError('no TLS');
            const seen = {
              server: socket.getPeerX509Certificate()?.subject,
              resumed: socket.isSessionReused(),
            };
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () => {
              resolve({ status: response.statusCode, body: JSON.parse(text), ...seen });
            });
          },
        );
        sent.on('error', reject);
        sent.end('{"cmd":"start","mirror_id":"a"}');
      },
    );
  const warnings = (): string[] =>
    logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return { running, port, post, commands, warnings, [Symbol.asyncDispose]: () => running.stop() };
}

describe('with a client CA', () => {
  test('commands are accepted from clients with a certificate of it', async () => {
    await using at = await start();
    expect(await at.post(manager)).toMatchObject({ status: 200, body: { msg: 'OK' } });
    expect(at.commands).toEqual([{ verb: 'start', mirror: 'a' }]);
    expect(at.warnings()).toEqual([]);
  });

  test('jobs and logs are shown to clients with a certificate of it', async () => {
    await using at = await start();
    for (const path of ['/jobs', '/jobs/a/logs', '/jobs/a/log/stream']) {
      expect((await at.post({ path, method: 'GET' })).status).toBe(403);
    }
    expect(await at.post({ ...manager, path: '/jobs', method: 'GET' })).toMatchObject({
      status: 200,
      body: [],
    });
  });

  test('other clients are refused, both sides learn the reason, and no command is carried out', async () => {
    await using at = await start();
    const none = 'a client certificate is needed here, and none was shown';
    const cases: [TestCertificate | Record<string, never>, string, string][] = [
      [{}, none, ''],
      [
        await other.issue({ name: 'stranger' }),
        'the client certificate is not signed by an authority that is trusted here',
        ' (CN=stranger)',
      ],
      [
        await ca.issue({ name: 'old', from: new Date(0), to: new Date('2020-01-01') }),
        'the client certificate has expired',
        ' (CN=old)',
      ],
    ];
    for (const [certificate, why, whose] of cases) {
      for (let turn = 0; turn < 2; turn++) {
        expect(await at.post(certificate)).toMatchObject({ status: 403, body: { msg: why } });
      }
      expect(at.warnings().at(-1)).toBe(`a request of 127.0.0.1 is refused: ${why}${whose}`);
    }
    expect([at.warnings().length, at.commands]).toEqual([3, []]);
  });

  test('a resumed session does not bypass the check', async () => {
    await using at = await start();
    const session = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect({ port: at.port, host: '127.0.0.1', ca: ca.cert }, () => {
        socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
      });
      socket.once('session', (ticket) => {
        resolve(ticket);
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(await at.post({ session })).toMatchObject({ status: 403, resumed: true });
    expect(at.commands).toEqual([]);
  });
});

describe('setTls', () => {
  test('replaces the certificate and the CA while the server runs', async () => {
    await using at = await start();
    const agent = new Agent({ keepAlive: true, ca: ca.cert, ...manager });
    expect(await at.post({ agent })).toMatchObject({ status: 200, server: 'CN=worker' });
    at.running.setTls({ ...(await ca.issue({ name: 'renewed' })), clientCa: other.cert });
    expect(await at.post(await other.issue())).toMatchObject({ status: 200, server: 'CN=renewed' });
    await waitFor(
      'the refusal',
      async () => (await at.post({ agent }).catch(() => undefined))?.status === 403,
    );
    agent.destroy();
  });

  test('rejects unusable certificates without a change; usable ones also hold after a restart', async () => {
    await using at = await start();
    expect(() => {
      at.running.setTls({ cert: 'x', key: 'y', clientCa: ca.cert });
    }).toThrow(expect.objectContaining({ code: 'SERVER_TLS_INVALID' }));
    expect(await at.post(manager)).toMatchObject({ status: 200, server: 'CN=worker' });
    at.running.setTls({ ...(await ca.issue({ name: 'renewed' })), clientCa: ca.cert });
    await at.running.stop();
    await at.running.start();
    const { port } = at.running.address!;
    expect(await at.post({ ...manager, port })).toMatchObject({ status: 200, server: 'CN=renewed' });
  });
});
