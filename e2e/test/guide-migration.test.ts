import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import {
  fixturePath,
  reservePort,
  hasRedisServer,
  startRedisServer,
  tempDir,
  waitFor,
} from '@tunasync/test-utils';
import { Level } from 'level';
import { fencedBlocks } from '../src/fenced-blocks.js';
import { runCommand, startCommand, type RunningProcess } from '../src/run-process.js';

const guide = await readFile(fileURLToPath(new URL('../../docs/migration.md', import.meta.url)), 'utf8');
const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const workerId = 'test_worker';

/** What a manager of v0.10 answered; recorded. */
const recorded = new Map(
  (
    JSON.parse(await readFile(fixturePath('wire/exchanges.json'), 'utf8')) as {
      seq: number;
      request: { path: string };
      response: { body: string };
    }[]
  )
    .filter(({ seq }) => [31, 32, 33].includes(seq))
    .map(({ request, response }) => [request.path, response.body]),
);
const oldStatuses = JSON.parse(recorded.get(`/workers/${workerId}/jobs`) ?? '') as MirrorStatus[];
const [oldWorker] = JSON.parse(recorded.get('/workers') ?? '') as WorkerStatus[];
const oldJobs = JSON.parse(recorded.get('/jobs') ?? '') as { name: string }[];

const byName = <T extends { name: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => a.name.localeCompare(b.name));

/** The commands of one section of the guide, line by line. */
function commandsOf(section: string): string[] {
  const text = new RegExp(`^### ${section}\\n(.*?)(?=^##)`, 'ms').exec(guide)?.[1] ?? '';
  return fencedBlocks(text).flatMap(({ text: block }) => block.trimEnd().split('\n'));
}

/** A machine of a site of v0.10: its files, and a manager that a `systemctl` of the guide starts and stops. */
async function oldSite(files: string) {
  const temp = await tempDir('migration-');
  const at = (path: string): string => join(temp.path, path);
  const port = await reservePort();
  await mkdir(at('etc'));
  await mkdir(at('var'));
  // the guide's folders and port, here; root is nobody else in a test
  const here = (text: string): string =>
    text
      .replaceAll('/etc/tunasync', at('etc'))
      .replaceAll('/var/lib/tunasync', at('var'))
      .replaceAll('14242', String(port))
      .replaceAll('runuser -u tunasync -- ', '')
      .replaceAll('chown -R tunasync:', 'chown -R "$(id -un):"');
  const conf = at('etc/manager.conf');
  await writeFile(
    conf,
    here(
      `debug = false\n[server]\naddr = "127.0.0.1"\nport = 14242\nssl_cert = ""\nssl_key = ""\n[files]\n${files}ca_cert = ""\n`,
    ),
  );
  const env = { HOME: temp.path, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NODE_OPTIONS: '' };
  await mkdir(at('.config/tunasync'), { recursive: true });
  await writeFile(at('.config/tunasync/ctl.conf'), `manager_port = ${port}\nmanager_addr = "127.0.0.1"\n`);

  let manager: RunningProcess | undefined;
  let stopOld = (): Promise<void> => Promise.resolve();
  const shell = (line: string): Promise<{ code: number | null; out: string }> =>
    new Promise((resolve) => {
      const child = spawn('sh', ['-c', line], { cwd: temp.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => (out += data.toString()));
      child.once('close', (code) => {
        resolve({ code, out });
      });
    });
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  const site = {
    at,
    here,
    port,
    conf,
    env,
    get,
    shell,
    set stopOld(stop: () => Promise<void>) {
      stopOld = stop;
    },
    async stopManager() {
      const end = await manager?.stop();
      manager = undefined;
      return end;
    },
    /** Runs commands of the guide; systemd's are carried out by hand. @returns what they said */
    async follow(lines: readonly string[]): Promise<string[]> {
      const said: string[] = [];
      for (const line of lines) {
        if (line === 'systemctl stop tunasync-manager') {
          await stopOld();
        } else if (line === 'systemctl start tunasync-manager') {
          const started = startCommand('tunasync-manager', ['-c', conf], env);
          manager = started;
          await waitFor(`the manager (${started.stderr()})`, () => started.stdout().includes('Listening on'));
        } else if (!line.startsWith('cp tunasync-manager.service') && line !== 'systemctl daemon-reload') {
          const { code, out } = await shell(here(line));
          expect({ line, code, out }).toEqual({ line, code: 0, out });
          said.push(out);
        }
      }
      return said;
    },
    async [Symbol.asyncDispose]() {
      await manager?.stop();
      await stopOld();
      await temp.remove();
    },
  };
  return site;
}

/** A running manager of v0.10, as far as it was recorded. */
async function startRecordedManager(port: number): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const body = recorded.get(request.url ?? '');
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(body ?? '404 page not found');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
}

describe('moving the manager, by the commands of docs/migration.md', () => {
  test('bolt and badger: what the running one knows is imported, and served on', async () => {
    await using site = await oldSite(
      'db_file = "/var/lib/tunasync/tunasync.db"\nstatus_file = "/var/lib/tunasync/tunasync.json"\n',
    );
    await writeFile(site.at('var/tunasync.db'), 'what bolt writes');
    site.stopOld = await startRecordedManager(site.port);
    // before anything was done
    const before = await site.shell(`tunasync-manager --check -c ${site.conf}`);
    expect(before.code).toBe(1);
    expect(before.out).toContain('--import');

    const said = await site.follow(commandsOf('bolt and badger'));
    const imports = said.filter((text) => text.startsWith('Imported from'));
    const mirrors = oldStatuses.length;
    expect(imports).toEqual([
      expect.stringContaining(
        `1 workers (1 new, 0 updated, 0 unchanged); ${mirrors} mirrors (${mirrors} new, 0 updated, 0 unchanged)`,
      ),
      expect.stringContaining(
        `1 workers (0 new, 0 updated, 1 unchanged); ${mirrors} mirrors (0 new, 0 updated, ${mirrors} unchanged)`,
      ),
    ]);
    expect(byName(JSON.parse(said.at(-1) ?? '') as typeof oldJobs)).toEqual(byName(oldJobs));
    expect(byName((await site.get(`/workers/${workerId}/jobs`)) as MirrorStatus[])).toEqual(
      byName(oldStatuses),
    );
    // the way back is open
    expect(await readFile(site.at('var/tunasync.db'), 'utf8')).toBe('what bolt writes');
    expect(await readFile(site.at('etc/manager.conf.v0.10'), 'utf8')).not.toContain('leveldb');
  });

  test('leveldb: the database is served as it is, a worker goes on as planned, and the original can read it again', async () => {
    await using site = await oldSite(
      'db_type = "leveldb"\ndb_file = "/var/lib/tunasync/tunasync.db"\nstatus_file = "/var/lib/tunasync/tunasync.json"\n',
    );
    const open = (): Level => new Level(site.at('var/tunasync.db'));
    const old = open();
    // in sync since a minute ago, so not due for an hour; one has never been; one is paused
    const ago = new Date(Date.now() - 60_000).toISOString();
    const statuses = oldStatuses.map((status) => ({
      ...status,
      ...(status.status === 'success' && { last_started: ago, last_ended: ago, last_update: ago }),
      ...(status.name === 'slow' && { status: 'paused' as const }),
    }));
    await old.put(`workers${workerId}`, JSON.stringify({ ...oldWorker, token: '' }));
    for (const status of statuses)
      await old.put(`mirror_status${status.name}/${workerId}`, JSON.stringify(status));
    await old.close();

    await site.follow(commandsOf('leveldb'));
    expect(byName((await site.get(`/workers/${workerId}/jobs`)) as MirrorStatus[])).toEqual(
      byName(statuses as MirrorStatus[]),
    );

    // a worker moves in under the same name, with a manager that knows what it did before
    const workerPort = await reservePort();
    const mirrors = ['pub', 'ok', 'bad', 'slow'].map(
      (name) =>
        `[[mirrors]]\nname = "${name}"\nprovider = "command"\ncommand = "touch done"\nupstream = "https://example.org/"\n`,
    );
    await writeFile(
      site.at('etc/worker.conf'),
      `[global]\nname = "${workerId}"\nmirror_dir = "${site.at('data')}"\nlog_dir = "${site.at('log')}/{{.Name}}"\nstate_dir = "${site.at('state')}"\nconcurrent = 4\ninterval = 60\n` +
        `[manager]\napi_base = "http://127.0.0.1:${site.port}"\ntoken = "retired"\n[server]\nhostname = "127.0.0.1"\nlisten_addr = "127.0.0.1"\nlisten_port = ${workerPort}\n${mirrors.join('')}`,
    );
    const worker = startCommand('tunasync-worker', ['-c', site.at('etc/worker.conf')], site.env);
    try {
      const known = async (): Promise<Map<string, MirrorStatus>> =>
        new Map(
          ((await site.get(`/workers/${workerId}/jobs`)) as MirrorStatus[]).map((status) => [
            status.name,
            status,
          ]),
        );
      await waitFor('the mirror that is due', async () => (await known()).get('bad')?.status === 'success');
      const now = await known();
      expect(now.get('slow')?.status).toBe('paused');
      for (const name of ['pub', 'ok']) {
        const { status, last_started, next_schedule } = now.get(name) ?? {};
        expect({ name, status, last_started }).toEqual({ name, status: 'success', last_started: ago });
        expect(Date.parse(next_schedule ?? '')).toBe(Date.parse(ago) + 60 * 60_000);
      }
    } finally {
      expect(await worker.stop()).toMatchObject({ code: 0 });
    }
    expect(await site.stopManager()).toMatchObject({ code: 0, stderr: '' });

    const back = open();
    try {
      const entries = await back.iterator().all();
      const keysOf = (bucket: string): string[] =>
        entries.map(([key]) => key).filter((key) => key.startsWith(bucket));
      expect(keysOf('workers')).toEqual([`workers${workerId}`]);
      expect(keysOf('mirror_status')).toEqual(
        ['bad', 'ok', 'pub', 'slow'].map((name) => `mirror_status${name}/${workerId}`),
      );
      expect(JSON.parse(await back.get(`mirror_statuspub/${workerId}`))).toMatchObject({
        name: 'pub',
        worker: workerId,
        status: 'success',
      });
    } finally {
      await back.close();
    }
  });

  (hasRedisServer() ? test : test.skip)('redis: the hashes are used as they are', async () => {
    await using redis = await startRedisServer();
    await using site = await oldSite(
      `db_type = "redis"\ndb_file = "redis://127.0.0.1:${redis.port}/0"\nstatus_file = "/var/lib/tunasync/tunasync.json"\n`,
    );
    const client = connect(redis.port, '127.0.0.1');
    const set = async (hash: string, field: string, value: unknown): Promise<void> => {
      const words = ['HSET', hash, field, JSON.stringify(value)];
      const answer = once(client, 'data') as Promise<[Buffer]>;
      // RESP: an array of bulk strings
      client.write(
        `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
      );
      expect((await answer)[0].toString()).toBe(':1\r\n');
    };
    await set('workers', workerId, oldWorker);
    for (const status of oldStatuses) await set('mirror_status', `${status.name}/${workerId}`, status);
    client.destroy();
    const said = await site.follow(commandsOf('redis'));
    expect(byName(JSON.parse(said.at(-1) ?? '') as typeof oldJobs)).toEqual(byName(oldJobs));
  });
});

test('a worker without a place for its record refuses to start, and says what to set', async () => {
  await using temp = await tempDir('migration-');
  const conf = join(temp.path, 'worker.conf');
  await writeFile(
    conf,
    `[global]\nname = "w"\nmirror_dir = "${temp.path}/data"\nlog_dir = "${temp.path}/log"\nstate_dir = "/proc/nowhere"\nconcurrent = 1\ninterval = 60\n[server]\nlisten_addr = "127.0.0.1"\n`,
  );
  const { code, stderr } = await runCommand('tunasync-worker', ['-c', conf], { HOME: temp.path });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^tunasync-worker: the state folder \/proc\/nowhere cannot be used: .*global\.state_dir/,
  );
});
