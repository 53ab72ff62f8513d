import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tempDir, testAuthority, type TempDir, type TestCertificate } from '@tunasync/test-utils';
import { runCtl } from './run-ctl.js';

let folder: TempDir;
let port: string;
let close: () => void;
const path = (name: string): string => join(folder.path, name);

/** A manager that answers with a worker whose id is the name in the client's certificate. */
beforeAll(async () => {
  folder = await tempDir();
  const ca = await testAuthority();
  const put = async (name: string, { cert, key }: TestCertificate): Promise<void> => {
    await writeFile(path(`${name}.pem`), cert);
    await writeFile(path(`${name}-key.pem`), key);
  };
  await writeFile(path('ca.pem'), ca.cert);
  await put('alice', await ca.issue({ name: 'alice', hosts: [] }));
  await put('bob', await ca.issue({ name: 'bob', hosts: [] }));
  const options = { ...(await ca.issue()), ca: ca.cert, requestCert: true };
  const server = createServer(options, ({ socket }, response) => {
    const subject = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : undefined;
    response.end(JSON.stringify([{ id: subject ?? 'nobody' }]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(async () => {
  close();
  await folder.remove();
});

const workers = (...args: string[]) => runCtl(['workers', '-m', '127.0.0.1', '-p', port, ...args]);

describe('a client certificate', () => {
  test('a client certificate comes from the file or from flags, which override it as a pair', async () => {
    const conf = path('ctl.conf');
    await writeFile(
      conf,
      `ca_cert = "${path('ca.pem')}"\nclient_cert = "${path('alice.pem')}"\nclient_key = "${path('alice-key.pem')}"\n`,
    );
    expect((await workers('-c', conf)).stdout).toContain('"id": "CN=alice"');
    const flags = ['--client-cert', path('bob.pem'), '-client-key', path('bob-key.pem')];
    expect((await workers('-c', conf, ...flags)).stdout).toContain('"id": "CN=bob"');
    expect((await workers('--ca-cert', path('ca.pem'), ...flags)).stdout).toContain('"id": "CN=bob"');
  });

  test('a client certificate alone enables HTTPS, with the authorities of the system', async () => {
    const { exit, stderr } = await workers(
      '--client-cert',
      path('bob.pem'),
      '--client-key',
      path('bob-key.pem'),
    );
    expect([exit, stderr]).toEqual([
      1,
      expect.stringMatching(
        /https:\/\/127\.0\.0\.1:\d+\/workers: TLS: its certificate is not signed by a trusted/,
      ),
    ]);
  });

  test('a missing client certificate is reported in one line', async () => {
    const { exit, stdout, stderr } = await workers('--ca-cert', path('ca.pem'));
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]*: TLS: the server demands a client certificate\n$/);
  });

  test.each<[string, () => string[], RegExp]>([
    [
      'one flag of two',
      () => ['--client-cert', path('bob.pem')],
      /^tunasynctl: --client-cert and --client-key must be given together\n$/,
    ],
    [
      'a file that is not there',
      () => ['--client-cert', path('none.pem'), '--client-key', path('bob-key.pem')],
      /^the client certificate cannot be read: .*none\.pem'\n$/,
    ],
    [
      'a key that is not there',
      () => ['--client-cert', path('bob.pem'), '--client-key', path('none.pem')],
      /^the client key cannot be read: .*none\.pem'\n$/,
    ],
    [
      "somebody else's key",
      () => ['--client-cert', path('bob.pem'), '--client-key', path('alice-key.pem')],
      /^\/.*alice-key\.pem: the client key is not the key of the client certificate\n$/,
    ],
    [
      'a key for a certificate',
      () => ['--client-cert', path('bob-key.pem'), '--client-key', path('bob-key.pem')],
      /^\/.*bob-key\.pem: the client certificate is not in PEM form: .*\n$/,
    ],
  ])('%s prints one line that names the file', async (_, flags, line) => {
    const { exit, stdout, stderr } = await workers('--ca-cert', path('ca.pem'), ...flags());
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(line);
    expect(stderr).not.toContain('MIG');
  });

  test('a file with one key of the pair reports the missing key', async () => {
    const conf = path('half.conf');
    await writeFile(conf, `client_key = "${path('alice-key.pem')}"\n`);
    expect((await workers('-c', conf)).stderr).toBe(
      `${conf}: client_cert: expected a file, as client_key is given\n`,
    );
  });
});
