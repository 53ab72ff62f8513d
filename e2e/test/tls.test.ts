import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freePort, tempDir, tlsFixture, waitFor } from '@tunasync/test-utils';
import { runCommand, startCommand } from '../src/run-process.js';

test('manager, worker and tunasynctl speak HTTPS with each other, and trust only the CA that they are given', async () => {
  const { certFile, keyFile, otherCa } = tlsFixture();
  await using temp = await tempDir();
  const [managerPort, workerPort] = [await freePort(), await freePort()];
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
    20_000,
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
