import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { runCtl, type Seen } from './run-ctl.js';
import { stubManager } from './stub-manager.js';

const mirrorOf = (...names: string[]): string =>
  names.map((name) => `[[mirrors]]\nname = "${name}"\nupstream = "rsync://u/${name}/"\n`).join('');

/**
 * Creates the folders of a worker's machine: `debian.conf` (two mirrors) and `arch.conf` are available,
 * `arch.conf` is enabled by a link, and `local.conf` is a regular file in `mirror-enabled`.
 */
async function machine() {
  const dir = await tempDir();
  const at = (...parts: string[]): string => join(dir.path, ...parts);
  await mkdir(at('mirror-available'));
  await mkdir(at('mirror-enabled'));
  await writeFile(at('mirror-available/debian.conf'), mirrorOf('debian', 'debian-security'));
  await writeFile(at('mirror-available/arch.conf'), mirrorOf('archlinux'));
  await symlink('../mirror-available/arch.conf', at('mirror-enabled/arch.conf'));
  await writeFile(at('mirror-enabled/local.conf'), mirrorOf('local'));
  await writeFile(
    at('worker.conf'),
    `[global]\nname = "w1"\nlog_dir = "/l"\nmirror_dir = "/d"\nconcurrent = 1\ninterval = 1\n[include]\ninclude_mirrors = "mirror-enabled/*.conf"\n`,
  );
  const manager = await stubManager(() => ({ body: { message: 'done' } }));
  const ctl = (...argv: string[]): Promise<Seen> =>
    runCtl(['mirrors', ...argv, '--dir', dir.path, '-m', '127.0.0.1', '-p', String(manager.port)]);
  return {
    path: dir.path,
    at,
    manager,
    ctl,
    /** Enables or disables mirrors with the worker's file. */
    switch: (...argv: string[]) => ctl(...argv, '--worker-config', at('worker.conf')),
    enabled: async () => (await readdir(at('mirror-enabled'))).sort(),
    [Symbol.asyncDispose]: async () => {
      await manager[Symbol.asyncDispose]();
      await dir.remove();
    },
  };
}

const reload = {
  method: 'POST',
  path: '/cmd',
  body: JSON.stringify({ cmd: 'reload', mirror_id: '', worker_id: 'w1', args: null, options: null }),
};

describe('mirrors list', () => {
  test('list shows files, their mirrors, and which are enabled', async () => {
    await using site = await machine();
    await writeFile(site.at('mirror-available/bad.conf'), '\n[[mirrors]]\nname = "bad"\nupstream = "x"\n');
    await symlink('../mirror-available/gone.conf', site.at('mirror-enabled/gone.conf'));
    await writeFile(site.at('mirror-available/README'), 'x');
    const { exit, stdout, stderr } = await site.ctl('list');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(site.path, '').split('\n')).toEqual([
      'FILE         ENABLED  MIRRORS',
      'arch.conf    yes      archlinux',
      "bad.conf     no       /mirror-available/bad.conf:4: mirrors[bad].upstream: expected an rsync upstream that ends with '/', found 'x'",
      'debian.conf  no       debian, debian-security',
      "gone.conf    yes      /mirror-enabled/gone.conf: the link leads to '../mirror-available/gone.conf', which does not exist",
      'local.conf   yes      local',
      '',
    ]);
  });

  test('list prints JSON, and only the named files', async () => {
    await using site = await machine();
    await symlink('../mirror-available/debian.conf', site.at('mirror-enabled/10-debian.conf'));
    const { exit, stdout } = await site.ctl('list', '--json', 'debian-security', 'local.conf');
    expect(exit).toBe(0);
    expect((await site.ctl('list', '10-debian.conf')).stdout).toMatch(/\ndebian\.conf +yes +debian, /);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: 'debian.conf',
        enabled: true,
        mirrors: ['debian', 'debian-security'],
        path: site.at('mirror-available/debian.conf'),
      },
      { file: 'local.conf', enabled: true, mirrors: ['local'], path: site.at('mirror-enabled/local.conf') },
    ]);
  });

  test.each([
    ['debain', "no mirror and no file 'debain' in DIR; did you mean 'debian'?"],
    ['arch.cnof', "no mirror and no file 'arch.cnof' in DIR; did you mean 'arch.conf'?"],
    ['ubuntu', "no mirror and no file 'ubuntu' in DIR"],
  ])('%s', async (name, line) => {
    await using site = await machine();
    const { exit, stdout, stderr } = await site.ctl('list', name);
    expect([exit, stdout, stderr.replace(site.path, 'DIR')]).toEqual([1, '', `${line}\n`]);
  });

  test('list refuses a folder without mirror files', async () => {
    await using dir = await tempDir();
    expect(await runCtl(['mirrors', 'list', '--dir', dir.path])).toEqual({
      exit: 1,
      stdout: '',
      stderr: `${dir.path}: expected the folders mirror-available and mirror-enabled\n`,
    });
  });
});

describe('mirrors enable', () => {
  test.each(['debian', 'debian-security', 'debian.conf'])(
    'enable creates a relative link and reloads the worker: %s',
    async (name) => {
      await using site = await machine();
      expect(await site.switch('enable', name)).toEqual({
        exit: 0,
        stdout: 'enabled debian.conf: debian, debian-security\nreloaded w1\n',
        stderr: '',
      });
      expect(await readlink(site.at('mirror-enabled/debian.conf'))).toBe('../mirror-available/debian.conf');
      expect(site.manager.seen).toEqual([reload]);
    },
  );

  test('enable reloads another worker by name, without its file', async () => {
    await using site = await machine();
    expect((await site.ctl('enable', 'debian', '-w', 'w2')).stdout).toMatch(/\nreloaded w2\n$/);
    expect(JSON.parse(site.manager.seen[0]?.body ?? '')).toMatchObject({ worker_id: 'w2' });
  });

  test('--no-reload sends no request', async () => {
    await using site = await machine();
    expect(await site.ctl('enable', 'debian', '--no-reload')).toEqual({
      exit: 0,
      stdout: 'enabled debian.conf: debian, debian-security\n',
      stderr: '',
    });
    expect(await site.enabled()).toEqual(['arch.conf', 'debian.conf', 'local.conf']);
    expect(site.manager.seen).toEqual([]);
  });

  test('enabling an enabled file succeeds and changes nothing', async () => {
    await using site = await machine();
    expect(await site.switch('enable', 'archlinux', 'local')).toEqual({
      exit: 0,
      stdout: 'arch.conf is already enabled\nlocal.conf is already enabled\n',
      stderr: '',
    });
    expect(site.manager.seen).toEqual([]);
  });

  test('enable creates a missing mirror-enabled', async () => {
    await using dir = await tempDir();
    await mkdir(join(dir.path, 'mirror-available'));
    await writeFile(join(dir.path, 'mirror-available/a.conf'), mirrorOf('a'));
    const config = join(dir.path, 'worker.conf');
    await writeFile(
      config,
      `[global]\nname = "w"\nlog_dir = "/l"\nmirror_dir = "/d"\n[include]\ninclude_mirrors = "${dir.path}/mirror-enabled/*.conf"\n`,
    );
    const enable = ['mirrors', 'enable', 'a', '--dir', dir.path, '--no-reload'];
    expect(await runCtl([...enable, '--worker-config', config])).toEqual({
      exit: 0,
      stdout: 'enabled a.conf: a\n',
      stderr: '',
    });
    expect(await readFile(join(dir.path, 'mirror-enabled/a.conf'), 'utf8')).toBe(mirrorOf('a'));
  });

  test('enable creates a missing mirror-enabled in a linked folder too', async () => {
    await using dir = await tempDir();
    const real = join(dir.path, 'deep/er/site');
    await mkdir(join(real, 'mirror-available'), { recursive: true });
    await writeFile(join(real, 'mirror-available/a.conf'), mirrorOf('a'));
    const link = join(dir.path, 'tunasync.d');
    await symlink(real, link);
    const { exit } = await runCtl(['mirrors', 'enable', 'a', '--dir', link, '--no-reload']);
    expect(exit).toBe(0);
    expect(await readFile(join(link, 'mirror-enabled/a.conf'), 'utf8')).toBe(mirrorOf('a'));
  });

  test('an invalid file prevents enabling all others', async () => {
    await using site = await machine();
    await writeFile(
      site.at('mirror-available/bad.conf'),
      '[[mirrors]]\nname = "bad"\nretry = -1\nupstream = "u"\n',
    );
    const { exit, stdout, stderr } = await site.switch('enable', 'debian', 'bad');
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr.replace(site.path, '')).toBe(
      'nothing was changed: /mirror-available/bad.conf:3: mirrors[bad].retry: expected a whole number from 0 to 1000000, found -1 (and 1 more)\n',
    );
    const unknown = await site.switch('enable', 'debian', 'nope');
    expect([unknown.exit, unknown.stdout]).toEqual([1, '']);
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
    expect(site.manager.seen).toEqual([]);
  });

  test('a mirror that another file defines cannot be enabled', async () => {
    await using site = await machine();
    await writeFile(site.at('mirror-available/arch2.conf'), mirrorOf('archlinux'));
    const { exit, stderr } = await site.switch('enable', 'arch2.conf');
    expect([exit, stderr]).toEqual([
      1,
      "arch2.conf: the mirror 'archlinux' is also in arch.conf, which is enabled; a name can be used only once\n",
    ]);
    await writeFile(site.at('mirror-available/x.conf'), mirrorOf('x'));
    await writeFile(site.at('mirror-available/y.conf'), mirrorOf('x'));
    expect((await site.switch('enable', 'x.conf', 'y.conf')).stderr).toBe(
      "x.conf: the mirror 'x' is also in y.conf, which would be enabled too; a name can be used only once\n",
    );
    expect((await site.switch('enable', 'x')).stderr).toBe(
      "'x' may be x.conf and y.conf: give the name of the file\n",
    );
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
  });

  test('a different file of the same name prevents enabling', async () => {
    await using site = await machine();
    await symlink('/nonexistent', site.at('mirror-enabled/debian.conf'));
    const { exit, stderr } = await site.switch('enable', 'debian-security');
    expect([exit, stderr]).toEqual([
      1,
      `${site.at('mirror-enabled/debian.conf')} exists already and points to something else\n`,
    ]);
  });

  test('a worker whose file does not include the folder is refused', async () => {
    await using site = await machine();
    await writeFile(site.at('worker.conf'), '[global]\nname = "w1"\nlog_dir = "/l"\nmirror_dir = "/d"\n');
    const { exit, stderr } = await site.switch('enable', 'debian');
    expect([exit, stderr]).toEqual([
      1,
      `nothing was changed: ${site.at('worker.conf')} does not include ${site.at('mirror-enabled')}/*.conf (include.include_mirrors)\n`,
    ]);
    expect((await site.ctl('enable', 'debian', '--worker-config', '/none.conf')).stderr).toBe(
      'nothing was changed: /none.conf: the file does not exist\n',
    );
  });

  test('a worker whose file includes other files of the folder is refused', async () => {
    await using site = await machine();
    const config = await readFile(site.at('worker.conf'), 'utf8');
    await writeFile(site.at('worker.conf'), config.replace('enabled/*.conf', 'enabled/a*.conf'));
    expect(await site.switch('enable', 'debian')).toEqual({
      exit: 1,
      stdout: '',
      stderr: `nothing was changed: ${site.at('worker.conf')} does not include ${site.at('mirror-enabled')}/debian.conf (include.include_mirrors)\n`,
    });
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
    expect(site.manager.seen).toEqual([]);
  });

  test('enable without a known worker is refused', async () => {
    await using site = await machine();
    expect(await site.ctl('enable', 'debian')).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'tunasynctl: no worker to reload is known: give --worker, --worker-config or --no-reload\n',
    });
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
  });

  test('a refusal by the worker removes the link again', async () => {
    await using site = await machine();
    site.manager.answer = () => ({ status: 500, body: { error: 'worker.conf:3: no' } });
    const { exit, stdout, stderr } = await site.switch('enable', 'debian');
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^Failed to correctly send command: .*worker\.conf:3: no.*; the change was undone\n$/,
    );
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
  });

  test('a missing confirmation keeps the link, because the next reload would revert the worker', async () => {
    await using site = await machine();
    site.manager.answer = () => ({ status: 504, body: { error: 'the command is sent, but not confirmed' } });
    const { exit, stdout, stderr } = await site.switch('enable', 'debian');
    expect([exit, stdout]).toEqual([1, 'enabled debian.conf: debian, debian-security\n']);
    expect(stderr).toMatch(/^Failed to correctly send command: .*not confirmed.*; the change stays\n$/);
    expect(await site.enabled()).toEqual(['arch.conf', 'debian.conf', 'local.conf']);
  });

  test('an unreachable manager removes the link again', async () => {
    await using site = await machine();
    await site.manager[Symbol.asyncDispose]();
    const { exit, stderr } = await site.switch('enable', 'debian');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/; the change was undone\n$/);
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
  });
});

describe('mirrors disable', () => {
  test('disable removes links, and moves regular files to mirror-available', async () => {
    await using site = await machine();
    await symlink('../mirror-available/debian.conf', site.at('mirror-enabled/10-debian.conf'));
    expect(await site.switch('disable', 'archlinux', 'local', 'debian')).toEqual({
      exit: 0,
      stdout:
        'disabled arch.conf: archlinux\ndisabled local.conf: local\ndisabled debian.conf: debian, debian-security\nreloaded w1\n',
      stderr: '',
    });
    expect(await site.enabled()).toEqual([]);
    expect((await readdir(site.at('mirror-available'))).sort()).toEqual([
      'arch.conf',
      'debian.conf',
      'local.conf',
    ]);
    expect(await readFile(site.at('mirror-available/local.conf'), 'utf8')).toBe(mirrorOf('local'));
    expect(site.manager.seen).toEqual([reload]);
    expect((await site.switch('enable', 'local')).exit).toBe(0);
    expect(await readlink(site.at('mirror-enabled/local.conf'))).toBe('../mirror-available/local.conf');
  });

  test('disabling a disabled file succeeds', async () => {
    await using site = await machine();
    expect(await site.switch('disable', 'debian')).toEqual({
      exit: 0,
      stdout: 'debian.conf is already disabled\n',
      stderr: '',
    });
  });

  test('disable never replaces another file', async () => {
    await using site = await machine();
    await writeFile(site.at('mirror-available/local.conf'), mirrorOf('other'));
    const { exit, stderr } = await site.switch('disable', 'local');
    expect(exit).toBe(1);
    expect(stderr.replaceAll(site.path, '')).toBe(
      '/mirror-enabled/local.conf is a file, not a link, and /mirror-available has another file of that name: rename one of them\n',
    );
    expect(await readFile(site.at('mirror-enabled/local.conf'), 'utf8')).toBe(mirrorOf('local'));
  });

  test('disable removes a file that prevents the others from loading', async () => {
    await using site = await machine();
    await symlink('../mirror-available/gone.conf', site.at('mirror-enabled/gone.conf'));
    await writeFile(site.at('mirror-enabled/local.conf'), 'not toml');
    const first = await site.switch('disable', 'gone');
    expect([first.exit, first.stderr.replace(site.path, '')]).toEqual([
      1,
      'nothing was changed: /mirror-enabled/local.conf:1: not valid TOML: Invalid character, expected "="\n',
    ]);
    expect((await site.switch('disable', 'gone', 'local')).stdout).toBe(
      'disabled gone.conf\ndisabled local.conf\nreloaded w1\n',
    );
    expect(await site.enabled()).toEqual(['arch.conf']);
    expect(await readFile(site.at('mirror-available/local.conf'), 'utf8')).toBe('not toml');
  });

  test('disable --no-reload removes broken files one by one', async () => {
    await using site = await machine();
    await writeFile(site.at('mirror-enabled/local.conf'), 'not toml');
    await symlink('nowhere', site.at('mirror-enabled/gone.conf'));
    expect((await site.ctl('disable', 'gone', '--no-reload')).exit).toBe(0);
    expect(await site.enabled()).toEqual(['arch.conf', 'local.conf']);
  });

  test('a refusal by the worker restores links and files', async () => {
    await using site = await machine();
    site.manager.answer = () => ({ status: 404, body: { error: 'worker not found' } });
    const { exit, stderr } = await site.switch('disable', 'archlinux', 'local');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/worker not found.*; the change was undone\n$/);
    expect(await readlink(site.at('mirror-enabled/arch.conf'))).toBe('../mirror-available/arch.conf');
    expect((await lstat(site.at('mirror-enabled/local.conf'))).isFile()).toBe(true);
    expect(await readdir(site.at('mirror-available'))).toEqual(['arch.conf', 'debian.conf']);
  });
});

describe('usage', () => {
  test.each([
    [['mirrors'], 'tunasynctl: expected a command; see tunasynctl --help\n'],
    [['mirrors', 'enable'], "tunasynctl: missing required argument 'names'; see tunasynctl --help\n"],
    [
      ['mirrors', 'enabel', 'x'],
      "tunasynctl: unknown command 'enabel' (Did you mean enable?); see tunasynctl --help\n",
    ],
    [['mirrors', 'list', '--nope'], "tunasynctl: unknown option '--nope'; see tunasynctl --help\n"],
  ])('%j', async (argv, stderr) => {
    expect(await runCtl(argv)).toEqual({ exit: 1, stdout: '', stderr });
  });

  test('help and flags accept the spelling of Go', async () => {
    const help = await runCtl(['mirrors', 'enable', '-help']);
    expect([help.exit, help.stderr]).toEqual([0, '']);
    for (const flag of ['--dir', '--worker-config', '--no-reload', '--ca-cert'])
      expect(help.stdout).toContain(flag);
    await using site = await machine();
    expect((await runCtl(['mirrors', 'list', '-dir', site.path])).exit).toBe(0);
  });
});
