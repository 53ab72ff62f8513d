import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { checkDbFile, loadManagerConfig } from '../src/index.js';
import { inMemory, lines, manager, managerProblems, valueOf } from './support.js';

const howToMove =
  'keep the old manager running, set db_type = "leveldb" and a new db_file here, and fetch all it knows by tunasync-manager --import URL';

describe('loadManagerConfig', () => {
  const defaults = {
    debug: false,
    server: {
      addr: '127.0.0.1',
      port: 14242,
      tls: undefined,
      clientCaFile: '',
      clientCert: undefined,
      ui: true,
      publicUrl: '',
    },
    files: {
      dbType: '',
      dbFile: '/var/lib/tunasync/tunasync.db',
      statusFile: '/var/lib/tunasync/tunasync.json',
      caCertFile: '',
    },
    history: { runsPerMirror: 200, days: 90 },
  };

  test('without a file the defaults hold', async () => {
    expect(await loadManagerConfig()).toEqual({ ok: true, value: defaults, diagnostics: [] });
    expect(await manager('')).toEqual(defaults);
  });

  test('an empty address means all interfaces, empty paths count as absent', async () => {
    expect(await manager('[server]\naddr = ""\n[files]\ndb_file = ""\nstatus_file = ""\n')).toEqual({
      ...defaults,
      server: { ...defaults.server, addr: '' },
    });
  });

  test.each([
    ['https://m.example/tunasync/', 'https://m.example/tunasync'],
    ['HTTP://M.example:80', 'http://m.example'],
    ['https://[::1]:8443/a/b//', 'https://[::1]:8443/a/b'],
    ['', ''],
  ])('public_url %s is %s', async (url, expected) => {
    expect((await manager(`[server]\npublic_url = "${url}"`)).server.publicUrl).toBe(expected);
  });

  test('flags win over the file', async () => {
    const files = inMemory({
      'm.conf':
        '[server]\naddr = "0.0.0.0"\nport = 1\nssl_cert = "/a"\nssl_key = "/b"\n[files]\ndb_type = "bolt"\ndb_file = "/old"\nca_cert = "/ca"\n',
    });
    const result = await loadManagerConfig({
      file: 'm.conf',
      ...files,
      overrides: {
        debug: true,
        addr: '::1',
        port: 0,
        sslCert: '/c',
        sslKey: '/k',
        dbType: 'redis',
        dbFile: 'unix:///run/redis.sock',
        statusFile: '/s',
        caCert: '/other-ca',
      },
    });
    expect(result).toEqual({
      ok: true,
      value: {
        debug: true,
        server: {
          addr: '::1',
          port: 0,
          tls: { certFile: '/c', keyFile: '/k' },
          clientCaFile: '',
          clientCert: undefined,
          ui: true,
          publicUrl: '',
        },
        files: {
          dbType: 'redis',
          dbFile: 'unix:///run/redis.sock',
          statusFile: '/s',
          caCertFile: '/other-ca',
        },
        history: { runsPerMirror: 200, days: 90 },
      },
      diagnostics: [],
    });
  });

  test('flags are checked like keys', async () => {
    const result = await loadManagerConfig({ overrides: { port: 70000, dbType: 'sqlite', sslCert: '/c' } });
    expect(result.ok).toBe(false);
    expect(lines(result.diagnostics)).toEqual([
      'error: command line: server.port: expected a whole number from 0 to 65535, found 70000',
      "error: command line: files.db_type: expected 'leveldb' or 'redis', found 'sqlite'",
      'error: command line: server.ssl_key: expected a file, as ssl_cert is given',
    ]);
  });

  test.each([
    [
      '[files]\ndb_type = "bolt"',
      `2: files.db_type: 'bolt' databases of the original cannot be opened: ${howToMove}`,
    ],
    [
      '[files]\ndb_type = "badger"',
      `2: files.db_type: 'badger' databases of the original cannot be opened: ${howToMove}`,
    ],
    ['[files]\ndb_type = "sqlite"', "2: files.db_type: expected 'leveldb' or 'redis', found 'sqlite'"],
    ['[files]\ndb_type = 5', '2: files.db_type: expected a string, found 5'],
    [
      '[files]\ndb_type = "redis"\ndb_file = "user:secret@host"',
      "3: files.db_file: expected a URL such as redis://host:6379/0, as db_type is 'redis'",
    ],
    [
      '[files]\ndb_type = "redis"',
      "1: files.db_file: expected a URL such as redis://host:6379/0, as db_type is 'redis'",
    ],
    ['[server]\nport = -1', '2: server.port: expected a whole number from 0 to 65535, found -1'],
    ['\n[server]\nssl_cert = "/c"', '2: server.ssl_key: expected a file, as ssl_cert is given'],
    ['[server]\nclient_key = "/k"', '1: server.client_cert: expected a file, as client_key is given'],
    ['[server]\nclient_ca = "/ca"', '2: server.client_ca: needs ssl_cert and ssl_key, which are not given'],
    ['[history]\ndays = -1', '2: history.days: expected a whole number of days from 0 to 36600, found -1'],
    [
      '[history]\nruns_per_mirror = "all"',
      '2: history.runs_per_mirror: expected a whole number from 0 to 1000000, found a string',
    ],
    ['history = 5', '1: history: expected a table, found 5'],
    ['[server]\nui = "no"', '2: server.ui: expected true or false, found a string'],
    ['[server]\npublic_url = 5', '2: server.public_url: expected a string, found 5'],
    ...[
      'mirrors.example.org',
      'ftp://m/',
      'https://',
      'https:///x',
      'http://m:port/',
      'javascript:alert(1)',
    ].map((url): [string, string] => [
      `[server]\npublic_url = "${url}"`,
      '2: server.public_url: expected a URL such as https://mirrors.example.org/tunasync/',
    ]),
    [
      '[server]\npublic_url = "https://user:secret@m/"',
      '2: server.public_url: expected a URL without user name and password',
    ],
    ['[server]\npublic_url = "https://m/?a=1"', "2: server.public_url: expected a URL without '?' and '#'"],
    ['[server]\npublic_url = "https://m/#a"', "2: server.public_url: expected a URL without '?' and '#'"],
    ['debug = "yes"', '1: debug: expected true or false, found a string'],
    ['a', '1: not valid TOML: Key ended without value'],
  ])('%j is an error', async (toml, problem) => {
    expect(await managerProblems(toml)).toEqual([`error: m.conf:${problem}`]);
  });

  test.each([
    ['[server]\napi_token = "t"', '2: server.api_token: is not supported by this version and has no effect'],
    ['[notify]\nwebhook_url = "x"', '1: notify: is not supported by this version and has no effect'],
    ['[history]\ndayz = 1', "2: history.dayz: unknown key, ignored; did you mean 'days'?"],
    ['[files]\ntoken = "t"', '2: files.token: is a key of older versions and has no effect any more'],
    ['[file]\ndb_type = "x"', "1: file: unknown key, ignored; did you mean 'files'?"],
    ['[Files]\nDB_Fil = "x"', "2: files.DB_Fil: unknown key, ignored; did you mean 'db_file'?"],
  ])('%j is a warning', async (toml, problem) => {
    expect(await managerProblems(toml)).toEqual([`warning: m.conf:${problem}`]);
  });

  test('a file that is not there', async () => {
    expect(lines((await loadManagerConfig({ file: '/none/m.conf' })).diagnostics)).toEqual([
      'error: /none/m.conf: the file does not exist',
    ]);
  });
});

describe('checkDbFile', () => {
  test("tells the original's default database from a folder, and from one that was asked for", async () => {
    await using dir = await tempDir();
    const file = join(dir.path, 'bolt.db');
    await writeFile(file, 'x');
    await mkdir(join(dir.path, 'level'));
    const check = async (overrides: { dbFile: string; dbType?: string }) =>
      checkDbFile(valueOf(await loadManagerConfig({ overrides })), 'm.conf');
    expect(await check({ dbFile: join(dir.path, 'level') })).toBeUndefined();
    expect(await check({ dbFile: join(dir.path, 'none') })).toBeUndefined();
    expect(await check({ dbFile: file, dbType: 'leveldb' })).toBeUndefined();
    const config = join(dir.path, 'm.conf');
    await writeFile(config, `[files]\n# the default\ndb_file = "${file}"\n`);
    expect(await checkDbFile(valueOf(await loadManagerConfig({ file: config })), config)).toMatchObject({
      file: config,
      line: 3,
      key: 'files.db_file',
    });
    expect(await check({ dbFile: file })).toEqual({
      severity: 'error',
      file: 'm.conf',
      key: 'files.db_file',
      message: `'${file}' is a file, as the original's default back end 'bolt' makes it, which cannot be opened: ${howToMove}`,
    });
  });
});
