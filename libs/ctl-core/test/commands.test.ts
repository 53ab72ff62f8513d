import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { ManagerClient } from '@tunasync/client';
import { reservePort, tempDir, tlsFixture } from '@tunasync/test-utils';
import { runCtl } from './run-ctl.js';
import { stubManager } from './stub-manager.js';

const sent = { message: 'successfully send command to worker w1' };
const job = (name: string, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  worker: 'w1',
  is_master: true,
  status: 'success',
  last_update: '2026-11-23T17:21:52.4Z',
  last_started: '2026-11-23T17:21:51Z',
  last_ended: '2026-11-23T17:21:52.4Z',
  next_schedule: '2026-11-23T19:21:52Z',
  upstream: 'rsync://example.org/',
  size: '1G',
  error_msg: '',
  ...fields,
});
const webJob = (name: string, status: string): Record<string, unknown> => ({
  name,
  is_master: true,
  status,
  last_update: '2026-11-23 17:21:52 +0800',
  last_update_ts: 1795425712,
  last_started: '2026-11-23 17:21:51 +0800',
  last_started_ts: 1795425711,
  last_ended: '2026-11-23 17:21:52 +0800',
  last_ended_ts: 1795425712,
  next_schedule: '0001-01-01 00:00:00 +0000',
  next_schedule_ts: -62135596800,
  upstream: 'rsync://example.org/',
  size: '1G',
});

test.each([
  ['succeeds', 200, 0],
  ['fails', 500, 1],
])('a command that %s closes its connections before it ends', async (_what, status, code) => {
  const close = jest.spyOn(ManagerClient.prototype, 'close');
  try {
    await using manager = await stubManager(() => ({ status, body: [] }));
    const { exit } = await runCtl(['list', '-a', '-p', String(manager.port)]);
    expect([exit, close.mock.contexts.length]).toEqual([code, 1]);
    const [client] = close.mock.contexts;
    await expect((client as ManagerClient).ping()).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
  } finally {
    close.mockRestore();
  }
});

describe('commands for a mirror', () => {
  test('ARGS are split at commas', async () => {
    await using manager = await stubManager(() => ({ body: sent }));
    const seen = await runCtl([
      'stop',
      '-p',
      String(manager.port),
      '-w',
      'w1',
      'debian',
      'a,b',
      '-m',
      '127.0.0.1',
    ]);
    expect(seen).toEqual({ exit: 0, stdout: 'Successfully send the command\n', stderr: '' });
    expect(JSON.parse(manager.seen[0]!.body)).toEqual({
      cmd: 'stop',
      mirror_id: 'debian',
      worker_id: 'w1',
      args: ['a', 'b'],
      options: {},
    });
  });

  test('defect 4: the refusal of a worker is shown in its own words', async () => {
    await using manager = await stubManager(() => ({
      status: 502,
      body: { error: "worker w1: Mirror ``x'' not found" },
    }));
    expect(await runCtl(['start', '-p', String(manager.port), '-w', 'w1', 'x'])).toEqual({
      exit: 1,
      stdout: '',
      stderr:
        'Failed to correctly send command: HTTP status code is not 200: {"error":"worker w1: Mirror ``x\'\' not found"}\n',
    });
  });

  test.each([
    [['start', '-w', 'w1', 'x'], 'Failed to correctly send command: '],
    [['reload', '-w', 'w1'], 'Failed to correctly send command: '],
    [['rm-worker', '-w', 'w1'], 'Failed to correctly send command: '],
    [['flush'], 'Failed to correctly send command: '],
    [['set-size', '-w', 'w1', 'x', '1G'], 'Failed to correctly send command: '],
    [['workers'], 'Failed to correctly get information of workers from manager server: '],
    [['list', '-a'], 'Failed to correctly get information of all jobs from manager server: '],
    [['list', 'w1'], 'Failed to correctly get information of jobs from at least one manager: '],
  ])('%j without a manager prints one line with its address', async (argv, beginning) => {
    const port = await reservePort();
    const { exit, stdout, stderr } = await runCtl([...argv, '-m', '127.0.0.1', '-p', String(port)]);
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(`${beginning}cannot reach http://127.0.0.1:${port}/`)).toBe(true);
    expect(stderr.endsWith(': connection refused\n')).toBe(true);
  });

  test.each([
    [['workers'], '{"error":"no"}', 200, 'expected a list'],
    [['list', '-a'], '[{"name":"x","status":"asleep"}]', 200, '[0].status: expected a status'],
    [['list', 'w1'], '[{"name":"x","last_update":"yesterday"}]', 200, '[0].last_update: expected a time'],
    [['list', 'w1'], '[7]', 200, '[0]: expected an object'],
    [['flush'], '"flushed"', 200, 'expected an object'],
    [['flush'], 'moved', 200, 'not JSON'],
    [['workers'], 'bad gateway\n', 502, 'HTTP status code is not 200: bad gateway'],
  ])('%j fails when it gets %s', async (argv, body, status, why) => {
    await using manager = await stubManager(() => ({ status, body }));
    const { exit, stdout, stderr } = await runCtl([...argv, '-p', String(manager.port)]);
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr.endsWith(`${why}\n`)).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('set-size', () => {
  test('set-size fails when the manager keeps another size', async () => {
    await using manager = await stubManager(() => ({ body: job('pub', { size: '2G' }) }));
    expect(await runCtl(['set-size', '-p', String(manager.port), '-w', 'w1', 'pub', 'unknown'])).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'Mirror size error, expecting unknown, manager returned 2G\n',
    });
    expect(manager.seen).toMatchObject([
      { method: 'POST', path: '/workers/w1/jobs/pub/size', body: '{"name":"pub","size":"unknown"}' },
    ]);
  });
});

describe('list', () => {
  test('several workers are listed in the given order', async () => {
    await using manager = await stubManager(({ path }) => ({ body: [job(`of ${path.split('/')[2]!}`)] }));
    const { exit, stdout, stderr } = await runCtl(['list', '-p', String(manager.port), 'b', 'a', 'c']);
    expect([exit, stderr]).toEqual([0, '']);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual([
      'of b',
      'of a',
      'of c',
    ]);
  });

  test('a failure of one worker prevents all output, and --verbose names worker and reason', async () => {
    await using manager = await stubManager(({ path }) =>
      path === '/workers/nope/jobs'
        ? { status: 400, body: { error: 'invalid workerID nope' } }
        : { body: [job('pub')] },
    );
    const port = String(manager.port);
    const line = 'Failed to correctly get information of jobs from at least one manager\n';
    expect(await runCtl(['list', '-p', port, 'w1', 'nope'])).toEqual({ exit: 1, stdout: '', stderr: line });
    const { stderr } = await runCtl(['list', '-v', '-m', '127.0.0.1', '-p', port, 'w1', 'nope']);
    expect(stderr).toBe(
      [
        `manager: http://127.0.0.1:${port}\n`,
        `Failed to get jobs of worker nope: http://127.0.0.1:${port}/workers/nope/jobs answered 400: invalid workerID nope\n`,
        line,
      ].join(''),
    );
  });

  test('null of an old manager counts as an empty list, and the output has all fields', async () => {
    await using manager = await stubManager(() => ({ body: null }));
    const port = String(manager.port);
    for (const argv of [['list', '-a'], ['list', 'w1'], ['workers']]) {
      expect(await runCtl([...argv, '-p', port])).toEqual({ exit: 0, stdout: '[]\n', stderr: '' });
    }
    manager.answer = () => ({ body: [{ name: 'x', mood: 'good' }] });
    expect(JSON.parse((await runCtl(['list', 'w1', '-p', port])).stdout)).toEqual([
      {
        name: 'x',
        worker: '',
        is_master: false,
        status: 'none',
        last_update: '0001-01-01T00:00:00Z',
        last_started: '0001-01-01T00:00:00Z',
        last_ended: '0001-01-01T00:00:00Z',
        next_schedule: '0001-01-01T00:00:00Z',
        upstream: '',
        size: '',
        error_msg: '',
      },
    ]);
  });

  test('fields that newer managers add are printed', async () => {
    const newer = job('x', {
      last_transferred_bytes: 5,
      total_transferred_bytes: 7,
      consecutive_failures: 1,
      stale: true,
    });
    await using manager = await stubManager(() => ({ body: [newer] }));
    expect(JSON.parse((await runCtl(['list', 'w1', '-p', String(manager.port)])).stdout)).toEqual([newer]);
  });

  test.each([
    [['-s', 'failed'], 'b\n'],
    [['-s', 'failed,paused'], 'b\nc\n'],
    [['--status', 'success', '-status=paused'], 'a\nc\n'],
    [['-s', 'none'], ''],
  ])('%j keeps %j', async (flags, stdout) => {
    await using manager = await stubManager(() => ({
      body: [webJob('a', 'success'), webJob('b', 'failed'), webJob('c', 'paused')],
    }));
    const argv = ['list', '-a', '-f', '{{.Name}}', '-p', String(manager.port), ...flags];
    expect(await runCtl(argv)).toEqual({ exit: 0, stdout, stderr: '' });
  });

  test('an error about an unknown status names it', async () => {
    const { exit, stderr } = await runCtl(['list', '-a', '-s', 'success,asleep']);
    expect(exit).toBe(1);
    expect(stderr).toBe(
      "tunasynctl: unknown status 'asleep'; there are none, failed, success, syncing, pre-syncing, paused, disabled\n",
    );
  });

  test('--format works on both kinds of list, with missing fields empty', async () => {
    await using manager = await stubManager(({ path }) => ({
      body: path === '/jobs' ? [webJob('a', 'success')] : [job('a', { error_msg: 'exit status 3' })],
    }));
    const port = String(manager.port);
    const format =
      '{{.Name}}|{{.Worker}}|{{.ErrorMsg}}|{{.LastUpdate}}|{{.LastUpdateTs.Unix}}|{{.Scheduled.Format "Jan _2 15:04"}}';
    expect((await runCtl(['list', '-a', '-f', format, '-p', port])).stdout).toBe(
      'a|||2026-11-23 17:21:52 +0800 +0800|1795425712|Jan  1 00:00\n',
    );
    expect((await runCtl(['list', 'w1', '-f', format, '-p', port])).stdout).toBe(
      'a|w1|exit status 3|2026-11-23 17:21:52.4 +0000 UTC|1795454512|Nov 23 19:21\n',
    );
  });

  test('an unknown field is reported before any request', async () => {
    await using manager = await stubManager(() => ({ body: [] }));
    const { exit, stdout, stderr } = await runCtl([
      'list',
      '-a',
      '-f',
      '{{.Nmae}}',
      '-p',
      String(manager.port),
    ]);
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toContain('no field .Nmae');
    expect(manager.seen).toEqual([]);
  });
});

describe('address of the manager', () => {
  test('the system file, the user file, -c and flags override each other key by key, in this order', async () => {
    await using manager = await stubManager(() => ({ body: [] }));
    await using folder = await tempDir();
    const systemConfig = join(folder.path, 'system.conf');
    const userConfig = join(folder.path, '.config/tunasync/ctl.conf');
    const own = join(folder.path, 'own.conf');
    await writeFile(systemConfig, `manager_addr = "127.0.0.1"\nmanager_port = ${manager.port}\n`);
    const options = { systemConfig, home: folder.path };
    expect(await runCtl(['workers'], options)).toEqual({ exit: 0, stdout: '[]\n', stderr: '' });

    await mkdir(join(folder.path, '.config/tunasync'), { recursive: true });
    await writeFile(userConfig, 'manager_port = 1\n');
    expect((await runCtl(['workers'], options)).stderr).toContain('cannot reach http://127.0.0.1:1/workers');

    await writeFile(own, `manager_port = ${manager.port}\n`);
    expect(await runCtl(['workers', '-c', own], options)).toMatchObject({ exit: 0 });
    await writeFile(own, 'manager_port = 2\n');
    expect((await runCtl(['-config', own, 'workers'], options)).stderr).toContain('127.0.0.1:2/');
    expect(await runCtl(['workers', '-c', own, '-p', String(manager.port)], options)).toMatchObject({
      exit: 0,
    });
  });

  test('an invalid or missing file prints one line that names it', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'ctl.conf');
    await writeFile(file, 'manager_port = "x"\nmanager_addr = 5\n');
    const broken = await runCtl(['workers', '-c', file]);
    expect(broken).toMatchObject({ exit: 1, stdout: '' });
    expect(broken.stderr).toContain(`${file}:1: manager_port: `);
    expect(broken.stderr).toContain(`${file}:2: manager_addr: `);
    expect(broken.stderr.trimEnd().split('\n')).toHaveLength(1);
    const missing = await runCtl(['workers', '-c', join(folder.path, 'none.conf')]);
    expect(missing.exit).toBe(1);
    expect(missing.stderr).toBe(`${join(folder.path, 'none.conf')}: the file does not exist\n`);
  });

  test('an unknown key causes only a warning, with --verbose', async () => {
    await using manager = await stubManager(() => ({ body: [] }));
    await using folder = await tempDir();
    const file = join(folder.path, 'ctl.conf');
    await writeFile(file, `manager_port = ${manager.port}\nmanager_adr = "x"\n`);
    expect(await runCtl(['workers', '-c', file])).toEqual({ exit: 0, stdout: '[]\n', stderr: '' });
    const { stderr } = await runCtl(['workers', '-c', file, '--verbose']);
    expect(stderr).toContain(`warning: ${file}:2: manager_adr: `);
  });

  test('--ca-cert enables HTTPS and trusts only that authority', async () => {
    const tls = tlsFixture();
    await using manager = await stubManager(() => ({ body: [] }), tls);
    await using folder = await tempDir();
    const port = String(manager.port);
    expect(await runCtl(['workers', '-p', port, '--ca-cert', tls.certFile])).toEqual({
      exit: 0,
      stdout: '[]\n',
      stderr: '',
    });
    const other = join(folder.path, 'other.pem');
    await writeFile(other, tls.otherCa);
    const refused = await runCtl(['workers', '-p', port, '-ca-cert', other]);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('its certificate is not signed by a trusted authority');
    await writeFile(other, 'no certificate');
    const broken = await runCtl(['workers', '-p', port, '--ca-cert', other]);
    expect(broken.stderr.startsWith(`${other}: the CA certificate is not in PEM form`)).toBe(true);
    const missing = await runCtl(['workers', '--ca-cert', join(folder.path, 'none.pem')]);
    expect(missing.stderr).toMatch(/^the CA certificate cannot be read: .*ENOENT: .*none\.pem'\n$/);
  });

  test.each(['http://host', 'user:pw@host', 'a/b', 'a b', ''])(
    '%j is refused as the address of a manager',
    async (address) => {
      const { exit, stderr } = await runCtl(['workers', '-m', address]);
      expect(exit).toBe(1);
      expect(stderr.startsWith('manager: expected a host name or address')).toBe(true);
    },
  );

  test('an IPv6 address works without brackets', async () => {
    const port = await reservePort();
    expect((await runCtl(['flush', '-m', '::1', '-p', String(port)])).stderr).toContain(
      `http://[::1]:${port}/jobs`,
    );
  });
});

describe('the command line', () => {
  test.each([
    [[], 'tunasynctl: expected a command; see tunasynctl --help'],
    [['lisst'], "tunasynctl: unknown command 'lisst' (Did you mean list?); see tunasynctl --help"],
    [['list'], 'tunasynctl: list needs at least one worker, or --all'],
    [['list', '-a', '--color'], "tunasynctl: unknown option '--color'; see tunasynctl --help"],
    [['start'], "tunasynctl: missing required argument 'mirror'; see tunasynctl --help"],
    [['reload'], "tunasynctl: required option '-w, --worker <worker>' not specified; see tunasynctl --help"],
    [
      ['workers', '-p', '0'],
      "tunasynctl: option '-p, --port <port>' argument '0' is invalid. expected a number from 1 to 65535; see tunasynctl --help",
    ],
    [
      ['flush', 'all'],
      "tunasynctl: too many arguments for 'flush'. Expected 0 arguments but got 1; see tunasynctl --help",
    ],
  ])('%j prints a usage error of one line and exits with 1', async (argv, line) => {
    expect(await runCtl(argv)).toEqual({ exit: 1, stdout: '', stderr: `${line}\n` });
  });

  test.each(['--version', '-version'])('%s', async (flag) => {
    expect(await runCtl([flag])).toEqual({ exit: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test.each([['--help'], ['-help'], ['-h'], ['help']])('%s lists all commands', async (flag) => {
    const { exit, stdout, stderr } = await runCtl([flag], { name: 'tunasync ctl' });
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: tunasync ctl');
    const commands = 'list workers rm-worker flush set-size start stop disable restart ping reload'.split(
      ' ',
    );
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test.each([
    [['-p', 'PORT', 'workers']],
    [['workers', '-p', 'PORT']],
    [['workers', '-pPORT']],
    [['-port', 'PORT', 'workers']],
    [['workers', '-port=PORT']],
    [['workers', '--p', 'PORT']],
    [['workers', '-p=PORT']],
    [['-verbose', 'workers', '--port=PORT', '--debug']],
  ])('%j works with flags before and after the command, in all spellings', async (argv) => {
    await using manager = await stubManager(() => ({ body: [] }));
    const own = argv.map((argument) => argument.replace('PORT', String(manager.port)));
    expect(await runCtl(own)).toMatchObject({ exit: 0, stdout: '[]\n' });
  });

  test('words after -- are not flags', async () => {
    await using manager = await stubManager(() => ({ body: sent }));
    await runCtl(['start', '-p', String(manager.port), '-w', 'w1', '--', '-force']);
    expect(JSON.parse(manager.seen[0]!.body)).toMatchObject({ mirror_id: '-force', options: {} });
  });

  test('--debug prints the codes of an error and its causes', async () => {
    const port = await reservePort();
    const { stderr } = await runCtl(['flush', '--debug', '-m', '127.0.0.1', '-p', String(port)]);
    expect(stderr).toContain('debug: CTL_FAILED: ');
    expect(stderr).toContain('debug: CLIENT_UNREACHABLE: ');
    expect(stderr).toContain('debug: ECONNREFUSED: ');
  });
});
