import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  reservePort,
  hasRedisServer,
  startRedisServer,
  tempDir,
  testAuthority,
  tlsFixture,
  waitFor,
  type TestCertificate,
} from '@tunasync/test-utils';
import { siteFolder } from '@tunasync/web';
import { runMain } from './run-main.js';

const get = async (url: string): Promise<unknown> => (await fetch(url)).json();
const post = async (url: string, body: unknown): Promise<unknown> =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json();

/** A temporary folder, with flags that keep a manager inside it. */
async function place() {
  const dir = await tempDir();
  const paths = { db: join(dir.path, 'db'), status: join(dir.path, 'status.json') };
  return {
    ...paths,
    path: dir.path,
    flags: ['--port', '0', '--db-file', paths.db, '--status-file', paths.status],
    file: async (text: string): Promise<string> => {
      const path = join(dir.path, 'manager.conf');
      await writeFile(path, text);
      return path;
    },
    [Symbol.asyncDispose]: () => dir.remove(),
  };
}

describe('tunasync-manager', () => {
  test('the manager serves from its database until SIGTERM, and again after a restart', async () => {
    await using at = await place();
    const pidfile = join(at.path, 'pid');
    const first = runMain(...at.flags, '--pidfile', pidfile);
    const url = await first.url();
    expect(await readFile(pidfile, 'utf8')).toBe('4711\n');
    await post(`${url}/workers`, { id: 'w1', url: 'http://w1.example:6000/' });
    await post(`${url}/workers/w1/jobs/debian`, { name: 'debian', status: 'success', size: '1.33T' });
    const jobs = await get(`${url}/jobs`);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.errors).toEqual([]);
    expect(existsSync(pidfile)).toBe(false);
    expect(JSON.parse(await readFile(at.status, 'utf8'))).toEqual(jobs);
    expect(first.out()).toMatch(/^\[[-\d]{8} [:\d]{8}\]\[NOTICE\] Listening on http:\/\/127\.0\.0\.1:\d+\n/);

    const second = runMain(...at.flags);
    expect(await get(`${await second.url()}/jobs`)).toEqual(jobs);
    second.signal('SIGINT');
    expect(await second.ended).toBe(0);
  });

  test('flags override the file, in the spelling of old units too', async () => {
    await using at = await place();
    const port = await reservePort();
    const file = await at.file(`
      debug = true
      [server]
      addr = "192.0.2.1"
      port = ${port}
      [files]
      db_type = "leveldb"
      db_file = "${at.db}"
      status_file = "${at.status}"
    `);
    const run = runMain('-config', file, '-addr=127.0.0.2', '-with-systemd');
    const url = await run.url();
    expect(url).toBe(`http://127.0.0.2:${port}`);
    expect(await get(`${url}/ping`)).toEqual({ message: 'pong' });
    run.signal('SIGTERM');
    expect(await run.ended).toBe(0);
    const lines = run.out().trimEnd().split('\n');
    expect(lines[0]).toBe(`[NOTICE] Listening on ${url}`);
    expect(lines).toContainEqual(expect.stringMatching(/^\[DEBUG\] GET \/ping 200 [\d.]+ ms$/));
    expect(existsSync(at.db)).toBe(true);
  });

  test('the manager serves the built frontend and logs its address', async () => {
    await using at = await place();
    const file = await at.file('[server]\npublic_url = "https://m.example/tunasync/"\n');
    const built = existsSync(join(siteFolder, 'index.html'));
    const run = runMain(...at.flags, '-c', file);
    const url = await run.url();
    const line = await waitFor('the line', () =>
      run
        .out()
        .split('\n')
        .find((text) => text.includes(' web frontend')),
    );
    const page = await fetch(`${url}/ui/mirrors`);
    expect([line.replace(/^.*?\]\[/, '['), page.status]).toEqual(
      built
        ? ['[NOTICE] The web frontend is at https://m.example/tunasync/ui/', 200]
        : ['[WARN] The web frontend is missing because it was not built (npm run build)', 404],
    );
    const flush = async (origin: string): Promise<number> =>
      (await fetch(`${url}/jobs/disabled`, { method: 'DELETE', headers: { origin } })).status;
    expect([await flush('https://m.example'), await flush('https://evil.example')]).toEqual([200, 403]);
    run.signal('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  test('with ui = false the manager serves exactly the v0.10 routes', async () => {
    await using at = await place();
    const run = runMain(...at.flags, '-c', await at.file('[server]\nui = false\n'));
    const url = await run.url();
    await post(`${url}/workers`, { id: 'w1', url: 'http://w1.example:6000/' });
    expect(await get(`${url}/workers`)).toMatchObject([{ id: 'w1', token: 'REDACTED' }]);
    for (const path of ['/', '/ui/', '/ui/api', '/api/jobs', '/api/openapi.json', '/workers/w1/heartbeat']) {
      expect(await get(`${url}${path}`)).toEqual({ error: `no such route: GET ${path}` });
    }
    // a worker treats it as an old manager
    expect((await fetch(`${url}/workers/w1/heartbeat`, { method: 'POST', body: '{}' })).status).toBe(404);
    run.signal('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(run.out()).not.toContain('frontend');
  });

  test('--cert and --key enable HTTPS', async () => {
    await using at = await place();
    const { certFile, keyFile } = tlsFixture();
    const run = runMain(...at.flags, '--cert', certFile, '--key', keyFile);
    expect(await run.url()).toMatch(/^https:/);
    run.signal('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  test('SIGHUP loads replaced certificates and does not halt the manager', async () => {
    await using at = await place();
    const ca = await testAuthority();
    const [cert, key] = [join(at.path, 'cert.pem'), join(at.path, 'key.pem')];
    const put = async (certificate: TestCertificate): Promise<void> => {
      await writeFile(cert, certificate.cert);
      await writeFile(key, certificate.key);
    };
    await put(await ca.issue());
    const run = runMain(...at.flags, '--cert', cert, '--key', key);
    await run.url();
    const renewed = await ca.issue({ to: new Date('2199-01-02') });
    await put(renewed);
    run.signal('SIGHUP');
    await waitFor('the line', () => run.out().includes('is in force anew'));
    expect(run.out()).toMatch(
      /\[NOTICE\] server\.ssl_cert: \S+cert\.pem is in force anew, valid until 2199-01-02\n/,
    );
    run.signal('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  test('--check examines all certificates and their validity', async () => {
    await using at = await place();
    const { certFile, keyFile } = tlsFixture();
    const old = await (await testAuthority()).issue({ from: new Date(0), to: new Date('2020-01-01') });
    const [cert, key] = [join(at.path, 'cert.pem'), join(at.path, 'key.pem')];
    await writeFile(cert, old.cert);
    await writeFile(key, old.key);
    const file = await at.file(
      `[server]\nssl_cert = "${certFile}"\nssl_key = "${keyFile}"\nclient_ca = "/nowhere/ca"\nclient_cert = "${cert}"\nclient_key = "${key}"\n`,
    );
    const run = runMain('--check', '-c', file);
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual([
      `error: ${file}: server.client_ca: cannot read /nowhere/ca: the file does not exist`,
      `warning: ${file}: server.client_cert: ${cert} has expired on 2020-01-01`,
    ]);
  });

  const redisTest = hasRedisServer() ? test : test.skip;
  redisTest('keeps its database in redis, whose password nobody sees', async () => {
    await using at = await place();
    await using redis = await startRedisServer(['--requirepass', 'hunter2']);
    const db = ['--db-type', 'redis', '--db-file', `redis://:hunter2@127.0.0.1:${redis.port}/0`];
    const first = runMain(...at.flags, ...db, '--debug');
    await post(`${await first.url()}/workers`, { id: 'w1' });
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    const second = runMain(...at.flags, ...db);
    expect(await get(`${await second.url()}/workers`)).toMatchObject([{ id: 'w1', token: 'REDACTED' }]);
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);

    const wrong = db.map((value) => value.replace('hunter2', 'hunter3'));
    const third = runMain(...at.flags, ...wrong, '--debug');
    expect(await third.ended).toBe(1);
    expect(third.errors).toEqual([
      expect.stringMatching(/^tunasync-manager: cannot use redis at .*WRONGPASS/),
    ]);
    expect(first.out() + second.out() + third.out() + third.errors.join('')).not.toContain('hunter');
  });

  test('unknown keys in the file are logged as warnings, as JSON lines if requested', async () => {
    await using at = await place();
    const file = await at.file('[server]\nadr = "x"\n');
    const run = runMain(...at.flags, '-c', file, '--log-format', 'json');
    await run.url();
    run.signal('SIGTERM');
    expect(await run.ended).toBe(0);
    const [line = ''] = run.out().split('\n');
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', message: expect.stringMatching(/adr.*addr/) });
  });

  test.each<[string, string[], RegExp]>([
    [
      'a file that is not there',
      ['-c', '/nowhere/manager.conf'],
      /^tunasync-manager: \/nowhere\/manager\.conf: /,
    ],
    ['a flag that is none', ['--nope'], /^tunasync-manager: unknown option '--nope'$/],
    [
      'a port that is none',
      ['--port', '70000'],
      /^tunasync-manager: option '--port <port>' argument '70000' is invalid\. Expected 0 to 65535\.$/,
    ],
    [
      'a certificate without its key',
      ['--cert', 'x'],
      /^tunasync-manager: command line: --cert and --key must be given together$/,
    ],
    [
      'a certificate that is not there',
      ['--cert', '/nowhere/x', '--key', '/nowhere/y'],
      /^tunasync-manager: server\.ssl_cert: cannot read \/nowhere\/x: the file does not exist; server\.ssl_key: /,
    ],
    [
      "a database of the original's",
      ['--db-type', 'bolt'],
      /^tunasync-manager: command line: files\.db_type: 'bolt' databases of the original cannot be opened: /,
    ],
    [
      'an address that is not here',
      ['--addr', '192.0.2.1'],
      /^tunasync-manager: cannot listen on 192\.0\.2\.1:0: this machine has no such address$/,
    ],
    [
      'redis without a URL',
      ['--db-type', 'redis'],
      /^tunasync-manager: command line: files\.db_file: expected a URL such as redis:/,
    ],
  ])('%s prevents the start: one line on standard error, exit code 1', async (_, argv, line) => {
    await using at = await place();
    const run = runMain(...at.flags, ...argv);
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual([expect.stringMatching(line)]);
  });

  test('a used port prevents the start, and the database is released', async () => {
    await using at = await place();
    const first = runMain(...at.flags);
    const { port } = new URL(await first.url());
    const elsewhere = ['--db-file', join(at.path, 'db2'), '--status-file', join(at.path, 's2')];
    const second = runMain('--port', port, ...elsewhere);
    expect(await second.ended).toBe(1);
    expect(second.errors).toEqual([
      `tunasync-manager: cannot listen on 127.0.0.1:${port}: the port is in use`,
    ]);
    const third = runMain('--port', '0', ...elsewhere);
    await third.url();
    third.signal('SIGTERM');
    expect(await third.ended).toBe(0);
    first.signal('SIGTERM');
    await first.ended;
  });

  test('a used or invalid database prevents the start', async () => {
    await using at = await place();
    const first = runMain(...at.flags);
    await first.url();
    const second = runMain(...at.flags);
    expect(await second.ended).toBe(1);
    expect(second.errors).toEqual([
      expect.stringMatching(/^tunasync-manager: cannot open the database .*db: another process uses it/),
    ]);
    first.signal('SIGTERM');
    await first.ended;

    const bolt = join(at.path, 'bolt.db');
    await writeFile(bolt, 'bolt');
    const third = runMain('--port', '0', '--db-file', bolt);
    expect(await third.ended).toBe(1);
    expect(third.errors).toEqual([
      expect.stringMatching(/is a file, as the original's default back end 'bolt'/),
    ]);
  });

  test('--version and --help print and exit with 0', async () => {
    const version = runMain('--version');
    expect(await version.ended).toBe(0);
    expect(version.out()).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = runMain('-help');
    expect(await help.ended).toBe(0);
    for (const flag of ['config', 'addr', 'port', 'cert', 'key', 'status-file', 'db-file', 'db-type']) {
      expect(help.out()).toContain(`--${flag} <`);
    }
  });
});

describe('tunasync-manager --check', () => {
  test('--check of a valid configuration prints ok and starts nothing', async () => {
    await using at = await place();
    const { certFile, keyFile } = tlsFixture();
    const file = await at.file(`[server]\nssl_cert = "${certFile}"\nssl_key = "${keyFile}"\n`);
    const run = runMain('--check', '-c', file, '--db-file', at.db);
    expect(await run.ended).toBe(0);
    expect([run.out(), run.errors]).toEqual([`${file}: ok\n`, []]);
    expect(existsSync(at.db)).toBe(false);
  });

  test('--check lists all problems, including warnings', async () => {
    await using at = await place();
    await mkdir(at.db);
    const file = await at.file('typo = 1\n[server]\nport = "x"\n[files]\ndb_type = "badger"\n');
    const run = runMain('--check', '-c', file);
    expect(await run.ended).toBe(1);
    expect(run.out()).toBe('');
    expect([...run.errors].sort()).toEqual([
      expect.stringMatching(/^error: .*server\.port/),
      expect.stringMatching(/^error: .*files\.db_type/),
      expect.stringMatching(/^warning: .*typo/),
    ]);
  });

  test('--check examines the files that the server needs', async () => {
    await using at = await place();
    const run = runMain('--check', '--cert', '/nowhere/x', '--key', '/nowhere/y', '--db-file', at.db);
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual([
      'error: command line: server.ssl_cert: cannot read /nowhere/x: the file does not exist',
      'error: command line: server.ssl_key: cannot read /nowhere/y: the file does not exist',
    ]);
  });

  test('--check examines certificates and keys', async () => {
    await using at = await place();
    const { certFile, keyFile } = tlsFixture();
    const file = await at.file(`[files]\nca_cert = "${keyFile}"\n`);
    const run = runMain('--check', '-c', file, '--cert', keyFile, '--key', certFile, '--db-file', at.db);
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual([
      `error: ${file}: server.ssl_cert: ${keyFile}: expected a certificate in PEM form`,
      `error: ${file}: server.ssl_key: ${certFile}: expected a private key in PEM form, without a passphrase`,
      `error: ${file}: files.ca_cert: ${keyFile}: expected a certificate in PEM form`,
    ]);
  });

  test('--check reads the URL of a Redis server and hides its password', async () => {
    await using at = await place();
    const redis = (url: string): string => `[files]\ndb_type = "redis"\ndb_file = "${url}"\n`;
    const good = await at.file(redis('redis://:hunter2@127.0.0.1:6379/1'));
    expect(await runMain('--check', '-c', good).ended).toBe(0);
    const bad = await at.file(redis('redis://:hunter2@127.0.0.1:port/1'));
    const run = runMain('--check', '-c', bad);
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual([
      expect.stringMatching(
        /^error: .*manager\.conf:3: files\.db_file: the URL of the Redis server is not one/,
      ),
    ]);
    expect(run.errors.join()).not.toContain('hunter2');
  });
});
