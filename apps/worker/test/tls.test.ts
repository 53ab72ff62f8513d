import { writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { expect, test } from '@jest/globals';
import {
  reservePort,
  tempDir,
  testAuthority,
  tlsFixture,
  waitFor,
  type TestCertificate,
} from '@tunasync/test-utils';
import { run } from './fake-host.js';

async function site() {
  const folder = await tempDir();
  const path = (name: string): string => join(folder.path, name);
  const put = async (name: string, { cert, key }: TestCertificate): Promise<void> => {
    await writeFile(path(`${name}.pem`), cert);
    await writeFile(path(`${name}-key.pem`), key);
  };
  const port = await reservePort();
  const configure = async (manager: string, server: string): Promise<string> => {
    await writeFile(
      path('worker.conf'),
      `[global]
name = "w1"
log_dir = "${folder.path}/log"
mirror_dir = "${folder.path}/data"
state_dir = "${folder.path}/state"
concurrent = 1
interval = 60
[manager]
${manager}
[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${port}
${server}
[[mirrors]]
name = "a"
provider = "command"
command = "true"
`,
    );
    return path('worker.conf');
  };
  return { path, put, port, configure, [Symbol.asyncDispose]: () => folder.remove() };
}

test('--check examines all PEM files as the daemon does', async () => {
  await using at = await site();
  const { certFile, keyFile } = tlsFixture();
  await at.put('old', await (await testAuthority()).issue({ from: new Date(0), to: new Date('2020-01-01') }));
  const file = await at.configure(
    `ca_cert = "/no/such/ca.pem"\nclient_cert = "${at.path('old.pem')}"\nclient_key = "${at.path('old-key.pem')}"`,
    `ssl_cert = "${certFile}"\nssl_key = "${at.path('old-key.pem')}"\nclient_ca = "${keyFile}"`,
  );
  const done = run(['--check', '-c', file]);
  expect(await done.exited).toBe(1);
  expect([...done.errors].sort()).toEqual([
    `error: ${file}: manager.ca_cert: cannot read /no/such/ca.pem: the file does not exist`,
    `error: ${file}: server.client_ca: ${keyFile}: expected a certificate in PEM form`,
    `error: ${file}: server.ssl_key: ${at.path('old-key.pem')}: it is not the key of the certificate ${certFile}`,
    `warning: ${file}: manager.client_cert: ${at.path('old.pem')} has expired on 2020-01-01`,
  ]);
  const started = run(['-c', file]);
  expect(await started.exited).toBe(1);
  expect(started.errors).toEqual([
    expect.stringMatching(/^tunasync-worker: server\.ssl_key: .*; server\.client_ca: .*; manager\.ca_cert: /),
  ]);
});

test('a worker sends its certificates to manager and clients, and the new ones after SIGHUP', async () => {
  await using at = await site();
  const ca = await testAuthority();
  await writeFile(at.path('ca.pem'), ca.cert);
  await at.put('server', await ca.issue({ name: 'worker' }));
  await at.put('client', await ca.issue({ name: 'worker as client', hosts: [] }));
  const shown = new Set<string>();
  const options = { ...(await ca.issue()), ca: ca.cert, requestCert: true };
  // a manager that accepts everything
  const manager = createServer(options, (incoming, response) => {
    const { socket } = incoming;
    shown.add((socket instanceof TLSSocket && socket.getPeerX509Certificate()?.subject) || '');
    response.setHeader('content-type', 'application/json');
    incoming.resume().on('end', () => response.end(incoming.method === 'GET' ? '[]' : '{}'));
  });
  await new Promise<void>((resolve) => manager.listen(0, '127.0.0.1', resolve));
  const file = await at.configure(
    `api_base = "https://127.0.0.1:${(manager.address() as AddressInfo).port}"\nca_cert = "${at.path('ca.pem')}"\nclient_cert = "${at.path('client.pem')}"\nclient_key = "${at.path('client-key.pem')}"`,
    `ssl_cert = "${at.path('server.pem')}"\nssl_key = "${at.path('server-key.pem')}"\nclient_ca = "${at.path('ca.pem')}"`,
  );
  const own = await ca.issue({ name: 'manager' });
  const post = (certificate?: TestCertificate) =>
    new Promise<[status: number | undefined, server: string | undefined]>((resolve, reject) => {
      request(
        { port: at.port, host: '127.0.0.1', method: 'POST', ca: ca.cert, agent: false, ...certificate },
        (response) => {
          const { socket } = response;
          const subject = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : undefined;
          response.resume().on('end', () => {
            resolve([response.statusCode, subject]);
          });
        },
      )
        .on('error', reject)
        .end('{"cmd":"start","mirror_id":"a"}');
    });
  const worker = run(['-c', file]);
  try {
    await waitFor('the reports', () => shown.has('CN=worker as client'));
    await waitFor('the run', () => worker.stdout().includes('succeeded syncing a'));
    expect(await post(own)).toEqual([200, 'CN=worker']);
    expect(await post()).toEqual([403, 'CN=worker']);
    await at.put('server', await ca.issue({ name: 'renewed' }));
    await at.put('client', await ca.issue({ name: 'client renewed', hosts: [] }));
    worker.signal('SIGHUP');
    await waitFor('the new certificate', async () => (await post(own))[1] === 'CN=renewed');
    await waitFor('a report', () => shown.has('CN=client renewed'));
  } finally {
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(0);
    manager.closeAllConnections();
    manager.close();
  }
  expect(worker.stdout()).not.toContain('MIG');
});
