import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  reservePort,
  tempDir,
  testAuthority,
  waitFor,
  type TestAuthority,
  type TestCertificate,
} from '@tunasync/test-utils';
import { axiosTransport, ClientOptionsError, ManagerClient, nodeTransport } from '../src/index.js';
import { json, serve, type Answer } from './scripted-server.js';

let ca: TestAuthority;
let other: TestAuthority;
let server: TestCertificate;
let client: TestCertificate;

beforeAll(async () => {
  ca = await testAuthority();
  other = await testAuthority('Other CA');
  server = await ca.issue({ name: 'server' });
  client = await ca.issue({ name: 'client', hosts: [] });
});

/** Answers `pong`, with the name in the client's certificate. */
const whoIsThere: Answer = (seen, request, response) => {
  const socket = request.socket as Partial<TLSSocket>;
  const subject = socket.getPeerCertificate?.().subject;
  json({ message: `pong ${(subject as { CN?: string } | undefined)?.CN ?? 'nobody'}` })(
    seen,
    request,
    response,
  );
};

/** OpenSSL's own server, which judges a client's certificate by an alert. */
async function openSslServer(folder: string, more: string[]) {
  const port = await reservePort();
  const put = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const child = spawn('openssl', [
    ...['s_server', '-www', '-accept', `127.0.0.1:${port}`, '-CAfile', await put('ca.pem', ca.cert)],
    ...['-cert', await put('cert.pem', server.cert), '-key', await put('key.pem', server.key)],
    ...more,
  ]);
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  await waitFor('openssl to listen', () => out.includes('ACCEPT'));
  return {
    url: `https://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe.each([
  ['axios', axiosTransport],
  ['node:http', nodeTransport],
])('client certificates over %s', (_name, transport) => {
  test('a certificate is sent to a server that requests one', async () => {
    await using running = await serve(whoIsThere, { ...server, ca: ca.cert, requestCert: true });
    using withOne = new ManagerClient({
      baseUrl: running.url,
      transport,
      caCert: ca.cert,
      clientCert: client,
    });
    expect(await withOne.ping()).toBe('pong client');
  });

  test('the error says that the server demands a certificate when the client has none', async () => {
    await using running = await serve(whoIsThere, { ...server, ca: ca.cert, requestCert: true });
    using without = new ManagerClient({ baseUrl: running.url, transport, caCert: ca.cert });
    await expect(without.ping()).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'tls',
      message: `cannot reach ${running.url}/ping: TLS: the server demands a client certificate`,
    });
    expect(running.seen).toEqual([]);
  });

  test.each([
    [
      'of an authority that it does not trust',
      () => other.issue(),
      'the server does not trust the authority of the client certificate',
    ],
    [
      'that has expired',
      () => ca.issue({ from: new Date(0), to: new Date('2020-01-01') }),
      'the server says that the client certificate has expired',
    ],
  ])('the error of a refused certificate names the reason: one %s', async (_what, issue, why) => {
    await using folder = await tempDir();
    const strict = ['-Verify', '1', '-verify_return_error'];
    await using running = await openSslServer(folder.path, strict);
    using client = new ManagerClient({
      baseUrl: running.url,
      transport,
      caCert: ca.cert,
      clientCert: await issue(),
    });
    await expect(client.ping()).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
      reason: 'tls',
      message: `cannot reach ${running.url}/ping: TLS: ${why}`,
    });
  });

  test("the error says whether the server's certificate is expired, of another authority, or of another host", async () => {
    const cases: [TestCertificate, string][] = [
      [await ca.issue({ from: new Date(0), to: new Date('2020-01-01') }), 'its certificate has expired'],
      [
        await ca.issue({ from: new Date('2199-01-01'), to: new Date('2199-02-01') }),
        'its certificate is not valid yet',
      ],
      [await other.issue(), 'its certificate is not signed by a trusted authority'],
      [
        await ca.issue({ hosts: ['other.example.org', '127.0.0.2'] }),
        'its certificate is for another host name',
      ],
    ];
    for (const [certificate, why] of cases) {
      await using running = await serve(json({ message: 'pong' }), certificate);
      using client = new ManagerClient({ baseUrl: running.url, transport, caCert: ca.cert });
      await expect(client.ping()).rejects.toMatchObject({
        reason: 'tls',
        message: `cannot reach ${running.url}/ping: TLS: ${why}`,
      });
    }
  });

  test('setTls() replaces the certificates of later requests and leaves running ones alone', async () => {
    let answer = (): void => undefined;
    const slow: Answer = (seen, request, response) => {
      if (running.seen.length > 1) whoIsThere(seen, request, response);
      else
        answer = () => {
          whoIsThere(seen, request, response);
        };
    };
    await using running = await serve(slow, { ...server, ca: ca.cert, requestCert: true });
    using client = new ManagerClient({
      baseUrl: running.url,
      transport,
      caCert: ca.cert,
      clientCert: await ca.issue({ name: 'old' }),
    });
    const first = client.ping();
    await waitFor('the request', () => running.seen.length === 1);
    client.setTls({ caCert: ca.cert, clientCert: await ca.issue({ name: 'new' }) });
    expect(await client.ping()).toBe('pong new');
    expect(running.sockets.size).toBe(2);
    answer();
    expect(await first).toBe('pong old');
    await waitFor('the old connection to be closed', () => running.sockets.size === 1);

    expect(() => {
      client.setTls({ caCert: 'none' });
    }).toThrow(ClientOptionsError);
    expect(await client.ping()).toBe('pong new');
    client.setTls({ caCert: other.cert });
    await waitFor('the connection to be closed', () => running.sockets.size === 0);
    await expect(client.ping()).rejects.toMatchObject({ reason: 'tls' });
    client.close();
    client.setTls({ caCert: ca.cert });
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
  });
});

test('an invalid certificate or a key that does not match is refused at once and not shown', () => {
  const make = (clientCert: TestCertificate) => () => new ManagerClient({ baseUrl: 'https://h', clientCert });
  const cases: [() => unknown, RegExp][] = [
    [make({ cert: 'x', key: client.key }), /^the client certificate is not in PEM form: /],
    [make({ cert: client.cert, key: 'hunter2' }), /^the client key is not in PEM form, or has a passphrase$/],
    [
      make({ cert: client.cert, key: server.key }),
      /^the client key is not the key of the client certificate$/,
    ],
  ];
  for (const [making, message] of cases) {
    expect(making).toThrow(
      expect.objectContaining({ code: 'CLIENT_OPTIONS_INVALID', message: expect.stringMatching(message) }),
    );
    expect(making).not.toThrow(/hunter2|MIG/);
  }
});
