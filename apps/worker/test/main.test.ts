import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { run } from './fake-host.js';

const mirror = `[[mirrors]]
name = "a"
provider = "command"
command = "true"
`;

async function withConfig(text: string) {
  const folder = await tempDir();
  const file = join(folder.path, 'worker.conf');
  const head = `[global]
name = "w1"
log_dir = "${folder.path}/log"
mirror_dir = "${folder.path}/data"
state_dir = "${folder.path}/state"
concurrent = 1
interval = 60
`;
  await writeFile(file, text.startsWith('[global]') ? text : `${head}${text}`);
  return { folder: folder.path, file, [Symbol.asyncDispose]: () => folder.remove() };
}

describe('flags', () => {
  test.each([['--version'], ['-version']])('%s prints the version', async (flag) => {
    const done = run([flag]);
    expect(await done.exited).toBe(0);
    expect(done.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(done.errors).toEqual([]);
  });

  test.each([['--help'], ['-help'], ['-h']])('%s names every flag', async (flag) => {
    const done = run([flag]);
    expect(await done.exited).toBe(0);
    expect(done.stdout()).toMatch(/^Usage: tunasync-worker /);
    for (const name of [
      'config',
      'check',
      'verbose',
      'debug',
      'with-systemd',
      'log-format',
      'pidfile',
      'prof-path',
    ]) {
      expect(done.stdout()).toContain(`--${name}`);
    }
  });

  test.each([
    [['--nope'], "tunasync-worker: unknown option '--nope'"],
    [['-c', 'x', 'y'], /^tunasync-worker: too many arguments/],
    [[], 'tunasync-worker: expected a configuration file: --config <file>'],
    [['--json', '-c', 'x'], 'tunasync-worker: --json requires --check'],
    [['--log-format', 'xml', '-c', 'x'], /^tunasync-worker: .*xml.*text, json/],
  ])('%j prints one line on standard error and exits with 1', async (argv, line) => {
    const done = run(argv);
    expect(await done.exited).toBe(1);
    expect(done.errors).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)]);
    expect(done.stdout()).toBe('');
  });
});

describe('a configuration that cannot be loaded', () => {
  test('all problems of an invalid configuration are reported at once', async () => {
    await using site = await withConfig(
      '[[mirrors]]\nname = "x"\nupstream = "rsync://host/x"\n[[mirrors]]\nname = "y"\nupstream = "u/"\ninterval = "no"\n',
    );
    const done = run(['-c', site.file]);
    expect(await done.exited).toBe(1);
    expect(done.errors).toHaveLength(2);
    expect(done.errors[0]).toMatch(/^tunasync-worker: .*worker\.conf:10: .*upstream/);
    expect(done.errors[1]).toMatch(/^tunasync-worker: .*worker\.conf:14: .*interval/);
  });

  test('a missing configuration file is reported', async () => {
    const done = run(['-config', '/no/such/worker.conf']);
    expect(await done.exited).toBe(1);
    expect(done.errors).toEqual([expect.stringContaining('/no/such/worker.conf')]);
  });
});

describe('--check', () => {
  test('--check accepts a valid file and starts nothing', async () => {
    await using site = await withConfig(mirror);
    const done = run(['--check', '-c', site.file]);
    expect(await done.exited).toBe(0);
    expect(done.errors).toEqual([]);
    expect(done.stdout().split('\n')).toEqual([
      'a',
      '  provider     command',
      '  role         master',
      '  schedule     every hour after the end of the last sync',
      '  attempts     2',
      `  folder       ${site.folder}/data/a`,
      `  logs         ${site.folder}/log`,
      '  command      true',
      '',
      `${site.file}: ok, 1 mirror`,
      '',
    ]);
    expect(await readdir(site.folder)).toEqual(['worker.conf']);
  });

  test('--check prints errors and warnings', async () => {
    await using site = await withConfig(`${mirror}upstraem = "x"\nretry = "often"\n`);
    const done = run(['--check', '-c', site.file]);
    expect(await done.exited).toBe(1);
    expect(done.errors).toEqual([
      expect.stringMatching(/^warning: .*worker\.conf:12: .*upstraem.*upstream/),
      expect.stringMatching(/^error: .*worker\.conf:13: .*retry/),
    ]);
  });

  test('--json prints the mirrors as JSON', async () => {
    await using site = await withConfig(mirror);
    const done = run(['--check', '-json', '-c', site.file]);
    expect(await done.exited).toBe(0);
    expect(JSON.parse(done.stdout())).toMatchObject([{ name: 'a', commands: [['true']] }]);
  });

  test('--check fails on warnings', async () => {
    await using site = await withConfig(`[manager]\ntoken = "old"\n${mirror}`);
    const done = run(['--check', '-c', site.file]);
    expect(await done.exited).toBe(1);
    expect(done.errors).toEqual([expect.stringMatching(/^warning: .*worker\.conf:9: .*token/)]);
    expect(done.errors.join()).not.toContain('old"');
  });

  test('--check reads the certificates that the file names', async () => {
    await using site = await withConfig(`[manager]\nca_cert = "/no/such/ca.pem"\n${mirror}`);
    const done = run(['--check', '-c', site.file]);
    expect(await done.exited).toBe(1);
    expect(done.errors).toEqual([
      expect.stringMatching(
        /^error: .*worker\.conf: manager\.ca_cert: cannot read \/no\/such\/ca\.pem: the file does not exist$/,
      ),
    ]);
  });
});
