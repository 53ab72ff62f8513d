import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reservePort, tempDir, tlsFixture, waitFor, waitForPid, type TempDir } from '@tunasync/test-utils';
import { run, type FakeRun } from './fake-host.js';
import { startFakeManager } from './fake-manager.js';

const mirror = (name: string, command: string): string =>
  `[[mirrors]]\nname = "${name}"\nprovider = "command"\nretry = 1\ncommand = "${command}"\n`;
const touch = mirror('a', "sh -c 'echo x >> ran'");
const sleep = mirror('slow', "sh -c 'echo $$ > pid; exec sleep 600'");

let folder: TempDir;
let file: string;
let port: number;
let running: FakeRun[];

beforeEach(async () => {
  folder = await tempDir();
  file = join(folder.path, 'worker.conf');
  port = await reservePort();
  running = [];
});
afterEach(async () => {
  for (const one of running) one.signal('SIGTERM');
  for (const one of running) await one.exited;
  await folder.remove();
});

async function configure(mirrors: string, more = ''): Promise<void> {
  await writeFile(
    file,
    `[global]
name = "w1"
log_dir = "${folder.path}/log/{{.Name}}"
mirror_dir = "${folder.path}/data"
state_dir = "${folder.path}/state"
concurrent = 2
interval = 60
[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${port}
${more}
${mirrors}`,
  );
}

function start(...argv: string[]): FakeRun {
  const started = run(['-c', file, ...argv]);
  running.push(started);
  return started;
}

const exists = (path: string): Promise<boolean> =>
  stat(join(folder.path, path)).then(
    () => true,
    () => false,
  );
const read = (path: string): Promise<string> => readFile(join(folder.path, path), 'utf8');

async function post(body: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
  return { status: response.status, body: await response.json() };
}

describe('a worker without a manager', () => {
  test('a worker runs its mirrors, takes commands, and halts with 0', async () => {
    await configure(touch);
    const worker = start('-pidfile', join(folder.path, 'pid'));
    await waitFor('the first run', () => worker.stdout().includes('succeeded syncing a'));
    expect(await read('data/a/ran')).toBe('x\n');
    expect(await read('pid')).toBe('4711\n');
    expect(await post('{"cmd":"start","mirror_id":"a"}')).toEqual({ status: 200, body: { msg: 'OK' } });
    expect(await post('{"cmd":"start","mirror_id":"b"}')).toEqual({
      status: 404,
      body: { msg: "Mirror ``b'' not found" },
    });
    await waitFor('the second run', async () => (await read('data/a/ran')) === 'x\nx\n');
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(0);
    expect(worker.errors).toEqual([]);
    expect(await exists('pid')).toBe(false);
    expect(worker.stdout()).toMatch(
      /^\[\d\d-\d\d-\d\d \d\d:\d\d:\d\d\]\[NOTICE\] worker w1: 1 mirror, 2 at a time; takes commands at http:\/\/127\.0\.0\.1:\d+\/; state in .*\/state$/m,
    );
    expect(worker.stdout()).toContain('[NOTICE] start syncing: a\n');
    await expect(post('{}')).rejects.toThrow();
  });

  test('a mirror that is not due does not run again after a restart', async () => {
    await configure(touch);
    const first = start();
    await waitFor('the first run', () => first.stdout().includes('succeeded syncing a'));
    first.signal('SIGINT');
    expect(await first.exited).toBe(0);
    await configure(`${touch}${mirror('b', 'true')}`);
    const second = start();
    await waitFor('the new mirror', () => second.stdout().includes('succeeded syncing b'));
    expect(await read('data/a/ran')).toBe('x\n');
  });

  test('a worker logs warnings about its file and the reason of a failure', async () => {
    await configure(mirror('bad', "sh -c 'exit 3'"), '[manager]\ntoken = "old"');
    const worker = start('--with-systemd');
    await waitFor('the failure', () => worker.stdout().includes('failed syncing bad'));
    expect(worker.stdout()).toMatch(/^\[WARN\] .*worker\.conf:\d+: .*token/m);
    expect(worker.stdout()).toMatch(/^\[NOTICE\] failed syncing bad: exit status 3/m);
  });
});

describe('SIGHUP', () => {
  test('a worker reports the active configuration after a reload', async () => {
    const settings = async (): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${port}/jobs/a/config`);
      const { settings: all } = (await response.json()) as { settings: { key: string }[] };
      return all.filter(({ key }) => ['retry', 'interval', 'env.TOKEN'].includes(key));
    };
    await configure(`${touch}env = { TOKEN = "hunter2" }\n`);
    const worker = start();
    await waitFor('the first run', () => worker.stdout().includes('succeeded syncing a'));
    const token = { key: 'env.TOKEN', value: '"REDACTED"', source: 'mirror', file, line: 18, masked: true };
    expect(await settings()).toEqual([
      { key: 'interval', value: '60', source: 'global', file, line: 7 },
      { key: 'retry', value: '1', source: 'mirror', file, line: 16 },
      token,
    ]);
    await configure(
      `${touch.replace('retry = 1', 'retry = 7\nretry_delay = 5')}env = { TOKEN = "hunter2" }\n`,
    );
    worker.signal('SIGHUP');
    await waitFor('the reload', async () => JSON.stringify(await settings()).includes('"7"'));
    expect(await settings()).toEqual([
      { key: 'interval', value: '60', source: 'global', file, line: 7 },
      { key: 'retry', value: '7', source: 'mirror', file, line: 16 },
      { ...token, line: 19 },
    ]);
  });

  test('SIGHUP adds new mirrors', async () => {
    await configure(touch);
    const worker = start();
    await waitFor('the first run', () => worker.stdout().includes('succeeded syncing a'));
    await configure(`${touch}${mirror('b', 'true')}`);
    worker.signal('SIGHUP');
    await waitFor('the new mirror', () => worker.stdout().includes('succeeded syncing b'));
    expect(await read('data/a/ran')).toBe('x\n');
  });

  test('defect 22: a file that does not load changes nothing and is reported, to a client too', async () => {
    await configure(touch);
    const worker = start();
    await waitFor('the first run', () => worker.stdout().includes('succeeded syncing a'));
    await writeFile(file, 'broken');
    worker.signal('SIGHUP');
    await waitFor('the error', () => worker.stdout().includes('[ERROR]'));
    const answer = await post('{"cmd":"reload"}');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).toContain('worker.conf:1');
    expect(await post('{"cmd":"ping","mirror_id":"a"}')).toEqual({ status: 200, body: { msg: 'OK' } });
  });
});

describe('halt', () => {
  test('a halt ends running syncs and delivers their last status', async () => {
    await using manager = await startFakeManager();
    await configure(sleep, `[manager]\napi_base = "${manager.url}"`);
    const worker = start();
    const pid = await waitForPid(join(folder.path, 'data/slow/pid'));
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(manager.registrations).toEqual([
      expect.objectContaining({ id: 'w1', url: `http://127.0.0.1:${port}/`, token: '' }),
    ]);
    expect(manager.reports.map(({ status }) => status)).toEqual(['pre-syncing', 'syncing', 'failed']);
    expect(manager.reports.at(-1)?.error_msg).toBe('killed by manager');
  });

  test('a halt during the start does not wait for a silent manager', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    try {
      await once(silent, 'listening');
      const { port: silentPort } = silent.address() as AddressInfo;
      await configure(touch, `[manager]\napi_base = "http://127.0.0.1:${silentPort}"`);
      const worker = start();
      await once(silent, 'connection');
      worker.signal('SIGTERM');
      worker.signal('SIGTERM');
      expect(await worker.exited).toBe(0);
      // the request was aborted before its time limit
      expect(worker.stdout()).not.toContain('no answer from');
      expect(await exists('data/a/ran')).toBe(false);
    } finally {
      silent.close();
    }
  });

  test('defect 9: a halt does not wait for an unreachable manager, and the next start delivers', async () => {
    const away = await reservePort();
    await configure(touch, `[manager]\napi_base = "http://127.0.0.1:${away}"`);
    const first = start();
    await waitFor('the run', () => first.stdout().includes('succeeded syncing a'));
    first.signal('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(first.stdout()).toMatch(/4 reports not delivered to manager .*: kept for the next start/);

    await using manager = await startFakeManager(away);
    const ended = Date.now();
    start();
    await waitFor('the reports', () => manager.reports.length >= 3);
    expect(manager.reports.map(({ status }) => status)).toEqual(['pre-syncing', 'syncing', 'success']);
    expect(Date.parse(manager.reports[2]!.last_update)).toBeLessThan(ended);
  });
});

describe('a failed start prints one line', () => {
  const failsWith = async (line: RegExp): Promise<void> => {
    const worker = run(['-c', file]);
    expect(await worker.exited).toBe(1);
    expect(worker.errors).toEqual([expect.stringMatching(line)]);
  };

  test('for a used port', async () => {
    const blocker = createServer().listen(port, '127.0.0.1');
    try {
      await configure(touch);
      await failsWith(/^tunasync-worker: cannot listen on 127\.0\.0\.1:\d+: the port is in use$/);
      expect(await exists('data/a/ran')).toBe(false);
    } finally {
      blocker.close();
    }
  });

  test('for a state folder that another worker uses', async () => {
    await configure(touch);
    const first = start();
    await waitFor('the first run', () => first.stdout().includes('succeeded syncing a'));
    port = await reservePort();
    await configure(touch);
    await failsWith(
      /^tunasync-worker: the state folder \S+\/state cannot be used: another worker is using it/,
    );
  });

  test('for a state folder that cannot be created', async () => {
    await configure(touch);
    await writeFile(join(folder.path, 'state'), 'a file in the way');
    await failsWith(/^tunasync-worker: the state folder \S+\/state cannot be used: /);
  });

  test('for an invalid certificate', async () => {
    const { keyFile } = tlsFixture();
    await configure(touch, `ssl_cert = "${file}"\nssl_key = "${keyFile}"`);
    await failsWith(/^tunasync-worker: server\.ssl_cert: \S+: expected a certificate in PEM form$/);
  });
});
