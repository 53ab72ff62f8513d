import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  reservePort,
  tempDir,
  testAuthority,
  tlsFixture,
  waitFor,
  type TestCertificate,
} from '@tunasync/test-utils';
import { runCommand, startCommand, type ProcessEnd } from '../src/run-process.js';

test('manager, worker and tunasynctl speak HTTPS with each other, and trust only the CA that they are given', async () => {
  const { certFile, keyFile, otherCa } = tlsFixture();
  await using temp = await tempDir();
  const [managerPort, workerPort] = [await reservePort(), await reservePort()];
  const managerConf = join(temp.path, 'manager.conf');
  const workerConf = join(temp.path, 'worker.conf');
  const otherCaFile = join(temp.path, 'other-ca.pem');
  await writeFile(otherCaFile, otherCa);
  await writeFile(
    managerConf,
    `[server]
addr = "127.0.0.1"
port = ${managerPort}
ssl_cert = "${certFile}"
ssl_key = "${keyFile}"
[files]
db_type = "leveldb"
db_file = "${temp.path}/db"
status_file = "${temp.path}/status.json"
ca_cert = "${certFile}"
`,
  );
  await writeFile(
    workerConf,
    `[global]
name = "secure"
log_dir = "${temp.path}/log"
mirror_dir = "${temp.path}/data"
state_dir = "${temp.path}/state"
concurrent = 2
interval = 60
[manager]
api_base = "https://127.0.0.1:${managerPort}"
ca_cert = "${certFile}"
[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${workerPort}
ssl_cert = "${certFile}"
ssl_key = "${keyFile}"
[[mirrors]]
name = "a"
provider = "command"
command = "true"
`,
  );
  const ctl = (caFile: string, ...args: string[]): ReturnType<typeof runCommand> =>
    runCommand('tunasynctl', [...args, '-m', '127.0.0.1', '-p', String(managerPort), '--ca-cert', caFile], {
      HOME: temp.path,
    });

  await using _manager = startCommand('tunasync-manager', ['-c', managerConf]);
  await using _worker = startCommand('tunasync-worker', ['-c', workerConf]);
  await waitFor(
    'the status to arrive',
    async () => (await ctl(certFile, 'list', '-a', '-f', '{{.Name}} {{.Status}}')).stdout === 'a success\n',
  );
  // the manager's command reaches the worker's own HTTPS server
  expect(await ctl(certFile, 'stop', '-w', 'secure', 'a')).toMatchObject({
    code: 0,
    stdout: 'Successfully send the command\n',
  });
  expect((await ctl(certFile, 'list', '-a', '-f', '{{.Status}}')).stdout).toBe('paused\n');
  const distrusted = await ctl(otherCaFile, 'list', '-a');
  expect(distrusted).toMatchObject({ code: 1, stdout: '' });
  expect(distrusted.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(distrusted.stderr).toMatch(/certificate/i);
});

test('with client certificates everybody knows who is asking, and all certificates are exchanged while they run', async () => {
  await using temp = await tempDir();
  const path = (name: string): string => join(temp.path, name);
  const put = async (name: string, { cert, key }: TestCertificate): Promise<void> => {
    await writeFile(path(`${name}.pem`), cert);
    await writeFile(path(`${name}-key.pem`), key);
  };
  const [first, second] = [await testAuthority('First CA'), await testAuthority('Second CA')];
  const hosts = ['127.0.0.1'];
  await writeFile(path('ca.pem'), first.cert);
  await put('manager', await first.issue({ name: 'manager', hosts }));
  await put('worker', await first.issue({ name: 'worker', hosts }));
  await put('alice', await first.issue({ name: 'alice', hosts: [] }));
  await put('expired', await first.issue({ name: 'late', from: new Date(0), to: new Date('2020-01-01') }));
  const [managerPort, workerPort] = [await reservePort(), await reservePort()];
  const server = (name: string): string =>
    `ssl_cert = "${path(`${name}.pem`)}"\nssl_key = "${path(`${name}-key.pem`)}"\nclient_ca = "${path('ca.pem')}"`;
  const client = (name: string): string =>
    `client_cert = "${path(`${name}.pem`)}"\nclient_key = "${path(`${name}-key.pem`)}"`;
  await writeFile(
    path('manager.conf'),
    `[server]
addr = "127.0.0.1"
port = ${managerPort}
${server('manager')}
${client('manager')}
[files]
db_type = "leveldb"
db_file = "${path('db')}"
status_file = "${path('status.json')}"
ca_cert = "${path('ca.pem')}"
`,
  );
  await writeFile(
    path('worker.conf'),
    `[global]
name = "secure"
log_dir = "${path('log')}"
mirror_dir = "${path('data')}"
state_dir = "${path('state')}"
concurrent = 2
interval = 60
[manager]
api_base = "https://127.0.0.1:${managerPort}"
ca_cert = "${path('ca.pem')}"
${client('worker')}
[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${workerPort}
${server('worker')}
[[mirrors]]
name = "a"
provider = "command"
command = "true"
`,
  );
  const ctl = (who: string | undefined, ...args: string[]): Promise<ProcessEnd> => {
    const own = ['--client-cert', path(`${who ?? ''}.pem`), '--client-key', path(`${who ?? ''}-key.pem`)];
    const common = ['-m', '127.0.0.1', '-p', String(managerPort), '--ca-cert', path('ca.pem')];
    return runCommand('tunasynctl', [...args, ...common, ...(who === undefined ? [] : own)], {
      HOME: temp.path,
    });
  };
  const statusIs = (status: string): Promise<unknown> =>
    waitFor(
      `the status ${status}`,
      async () => (await ctl('alice', 'list', '-a', '-f', '{{.Status}}')).stdout === `${status}\n`,
    );

  await using manager = startCommand('tunasync-manager', ['-c', path('manager.conf')]);
  await using worker = startCommand('tunasync-worker', ['-c', path('worker.conf')]);
  await statusIs('success');
  expect((await ctl('alice', 'stop', '-w', 'secure', 'a')).code).toBe(0);
  await statusIs('paused');

  // status pages need none; everything else does
  expect((await ctl(undefined, 'list', '-a', '-f', '{{.Name}}')).stdout).toBe('a\n');
  for (const [who, why] of [
    [undefined, /a client certificate is needed here, and none was shown/],
    ['expired', /the client certificate has expired/],
  ] as const) {
    for (const args of [['workers'], ['start', '-w', 'secure', 'a']]) {
      const { code, stdout, stderr } = await ctl(who, ...args);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(why);
      expect(stderr.trimEnd()).not.toContain('\n');
    }
    expect(manager.stdout()).toMatch(why);
  }
  const atWorker = await runCommand('tunasynctl', [
    ...['workers', '-m', '127.0.0.1', '-p', String(workerPort), '--ca-cert', path('ca.pem')],
  ]);
  expect(atWorker.stderr).toMatch(/a client certificate is needed here, and none was shown/);

  // first both authorities, then the new certificates, then the new authority alone
  const taken = async (file: string, times: number): Promise<void> => {
    manager.kill('SIGHUP');
    worker.kill('SIGHUP');
    const count = (text: string): number => text.split(`${path(file)} is in force anew`).length - 1;
    await waitFor('the manager to take it over', () => count(manager.stdout()) === times);
    await waitFor('the worker to take it over', () => count(worker.stdout()) === times);
  };
  await writeFile(path('ca.pem'), first.cert + second.cert);
  await taken('ca.pem', 2);
  const renewed = await second.issue({ name: 'renewed', hosts });
  await put('manager', renewed);
  await put('worker', renewed);
  manager.kill('SIGHUP');
  worker.kill('SIGHUP');
  for (const daemon of [manager, worker]) {
    await waitFor(
      'the pair to be taken over twice',
      () => (daemon.stdout().match(/\w+\.pem is in force/g) ?? []).length === 4,
    );
  }
  await writeFile(path('ca.pem'), second.cert);
  await taken('ca.pem', 4);
  expect((await ctl('alice', 'workers')).stderr).toMatch(
    /is not signed by an authority that is trusted here/,
  );
  await put('alice', await second.issue({ name: 'alice', hosts: [] }));
  expect(await ctl('alice', 'start', '-w', 'secure', 'a')).toMatchObject({ code: 0 });
  await statusIs('success');

  expect((await manager.stop()).code).toBe(0);
  expect((await worker.stop()).code).toBe(0);
  for (const daemon of [manager, worker]) {
    expect(daemon.stdout() + daemon.stderr()).not.toMatch(/BEGIN|MIG/);
  }
});
