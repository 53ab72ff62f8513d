import { once } from 'node:events';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { loadWorkerConfig } from '../src/index.js';
import { globalTable, inMemory, lines, valueOf } from './support.js';

const mirrorOf = (name: string): string => `[[mirrors]]\nname = "${name}"\nupstream = "/u/"\n`;
const including = (globs: string): string =>
  `${globalTable}[include]\ninclude_mirrors = ${globs}\n${mirrorOf('own')}`;

/** Names of the mirrors of a file system in memory, and what there is to say of it. */
async function load(
  globs: string,
  files: Record<string, string>,
): Promise<{ names: string[]; problems: string[] }> {
  const result = await loadWorkerConfig({
    file: '/etc/t/w.conf',
    cwd: '/srv/dir',
    ...inMemory({ '/etc/t/w.conf': including(globs), '/srv/dir/x': '', ...files }),
  });
  return {
    names: result.ok ? result.value.mirrors.map(({ name }) => name) : [],
    problems: lines(result.diagnostics),
  };
}

describe('include.include_mirrors', () => {
  test('files come in the order of their names, dot files too', async () => {
    const { names, problems } = await load('"m/*.conf"', {
      '/etc/t/m/b.conf': mirrorOf('b'),
      '/etc/t/m/a.conf': mirrorOf('a'),
      '/etc/t/m/.hidden.conf': mirrorOf('hidden'),
      '/etc/t/m/B.conf': mirrorOf('B'),
      '/etc/t/m/c.txt': 'not = read = at all',
      '/etc/t/m/sub/d.conf': mirrorOf('d'),
    });
    expect(problems).toEqual([]);
    expect(names).toEqual(['own', 'hidden', 'B', 'a', 'b']);
  });

  test.each([
    ['"/etc/t/m/a.conf"', ['own', 'a']],
    ['"m/?.conf"', ['own', 'a', 'b']],
    ['"m/[bc]*.conf"', ['own', 'b', 'bb']],
    ['"*/a.conf"', ['own', 'a', 'na']],
    ['"m/**.conf"', ['own', 'a', 'b', 'bb']],
    ['"../t/./m/a.conf"', ['own', 'a']],
    ['["n/*.conf", "m/a.conf"]', ['own', 'na', 'a']],
    ['["m/a.conf", "m/*.conf"]', ['own', 'a', 'b', 'bb']],
    ['""', ['own']],
    ['[]', ['own']],
    ['"none/*.conf"', ['own']],
  ])('%s', async (globs, expected) => {
    const { names, problems } = await load(globs, {
      '/etc/t/m/a.conf': mirrorOf('a'),
      '/etc/t/m/b.conf': mirrorOf('b'),
      '/etc/t/m/bb.conf': mirrorOf('bb'),
      '/etc/t/n/a.conf': mirrorOf('na'),
    });
    expect(problems).toEqual([]);
    expect(names).toEqual(expected);
  });

  test("a relative glob is tried in the file's folder, then in the working directory", async () => {
    const elsewhere = { '/srv/dir/m/a.conf': mirrorOf('elsewhere') };
    expect((await load('"m/*.conf"', elsewhere)).names).toEqual(['own', 'elsewhere']);
    expect((await load('"m/*.conf"', { ...elsewhere, '/etc/t/m/b.conf': mirrorOf('near') })).names).toEqual([
      'own',
      'near',
    ]);
  });

  test('other tables of an included file are ignored, with a warning', async () => {
    const { names, problems } = await load('"m.conf"', {
      '/etc/t/m.conf': `[global]\nname = 5\n[include]\ninclude_mirrors = "*"\n${mirrorOf('a')}`,
    });
    expect(names).toEqual(['own', 'a']);
    expect(problems).toEqual([
      'warning: /etc/t/m.conf:1: global: ignored: only [[mirrors]] are taken from an included file',
      'warning: /etc/t/m.conf:3: include: ignored: only [[mirrors]] are taken from an included file',
    ]);
  });

  test('there are no braces in globs', async () => {
    expect(
      await load('"m/{a,b}*"', { '/etc/t/m/a': mirrorOf('a'), '/etc/t/m/{a,b}c': mirrorOf('c') }),
    ).toEqual({
      names: ['own', 'c'],
      problems: [],
    });
  });

  test('a plain path that is not there is a warning, as the original passes over it', async () => {
    expect(await load('"m.conf"', {})).toEqual({
      names: ['own'],
      problems: ["warning: /etc/t/w.conf:8: include.include_mirrors: the file 'm.conf' does not exist"],
    });
  });

  test('problems of all files are reported at once, each with its own file and line', async () => {
    const { problems } = await load('"m/*"', {
      '/etc/t/m/a': '\n[[mirrors]]\nretry = -1\nname = "a"\nupstream = "/u/"',
      '/etc/t/m/b': '\n\nx',
    });
    expect(problems).toEqual([
      'error: /etc/t/m/a:3: mirrors[a].retry: expected a whole number from 0 to 1000000, found -1',
      'error: /etc/t/m/b:3: not valid TOML: Key ended without value',
    ]);
  });

  test('a mirror of an included file replaces an earlier one of the same name', async () => {
    expect(await load('"m"', { '/etc/t/m': `\n${mirrorOf('own')}` })).toEqual({
      names: ['own'],
      problems: [
        'warning: /etc/t/m:3: mirrors[own].name: the mirror at /etc/t/w.conf:9 has the same name; only the last one counts',
      ],
    });
  });
});

describe('files on disk', () => {
  test('a file that is missing, a folder, or no text', async () => {
    await using dir = await tempDir();
    const problemsOf = async (name: string): Promise<string[]> =>
      lines((await loadWorkerConfig({ file: join(dir.path, name) })).diagnostics);
    await writeFile(join(dir.path, 'latin1'), Buffer.from([0x61, 0xe9]));
    expect(await problemsOf('none.conf')).toEqual([`error: ${dir.path}/none.conf: the file does not exist`]);
    expect(await problemsOf('')).toEqual([`error: ${dir.path}: expected a file, found a folder`]);
    expect(await problemsOf('latin1')).toEqual([
      `error: ${dir.path}/latin1: the file cannot be read: the file is not UTF-8 text`,
    ]);
  });

  test('a glob that also matches a folder', async () => {
    await using dir = await tempDir();
    await mkdir(join(dir.path, 'm', 'sub'), { recursive: true });
    await writeFile(join(dir.path, 'm', 'a'), mirrorOf('a'));
    await writeFile(join(dir.path, 'w.conf'), including('"m/*"'));
    const result = await loadWorkerConfig({ file: join(dir.path, 'w.conf') });
    expect(result.ok).toBe(false);
    expect(lines(result.diagnostics)).toEqual([`error: ${dir.path}/m/sub: expected a file, found a folder`]);
  });

  test('an enabled folder: links into mirror-available, and files of its own', async () => {
    await using dir = await tempDir();
    const enabled = join(dir.path, 'mirror-enabled');
    await mkdir(enabled);
    await mkdir(join(dir.path, 'mirror-available'));
    for (const name of ['b', 'off']) {
      await writeFile(join(dir.path, 'mirror-available', `${name}.conf`), mirrorOf(name));
    }
    await symlink('../mirror-available/b.conf', join(enabled, '10-b.conf'));
    await writeFile(join(enabled, 'a.conf'), mirrorOf('a'));
    await symlink('/dev/null', join(enabled, 'masked.conf'));
    await writeFile(join(enabled, 'README'), 'no = configuration = at all');
    await writeFile(join(dir.path, 'w.conf'), including('"mirror-enabled/*.conf"'));
    const result = await loadWorkerConfig({ file: join(dir.path, 'w.conf'), cwd: '/nonexistent' });
    expect(valueOf(result).mirrors.map(({ name }) => name)).toEqual(['own', 'b', 'a']);
    expect(result.diagnostics).toEqual([]);
  });

  test('links that lead nowhere and what is no file, all named at once', async () => {
    await using dir = await tempDir();
    const enabled = join(dir.path, 'mirror-enabled');
    await mkdir(enabled);
    await symlink('../mirror-available/gone.conf', join(enabled, 'a-gone.conf'));
    await symlink('b-loop.conf', join(enabled, 'b-loop.conf'));
    await symlink('/dev/zero', join(enabled, 'c-device.conf'));
    const socket = createServer().listen(join(enabled, 'd-socket.conf'));
    await once(socket, 'listening');
    await symlink('..', join(enabled, 'e-folder.conf'));
    await writeFile(join(enabled, 'f-bad.conf'), '\n[[mirrors]]\nretry = "x"\n');
    await writeFile(join(dir.path, 'w.conf'), including('"mirror-enabled/*.conf"'));
    try {
      const { diagnostics } = await loadWorkerConfig({ file: join(dir.path, 'w.conf') });
      expect(lines(diagnostics).map((line) => line.replace(`${enabled}/`, ''))).toEqual([
        "error: a-gone.conf: the link leads to '../mirror-available/gone.conf', which does not exist",
        'error: b-loop.conf: the link leads back to itself',
        'error: c-device.conf: expected a file, found a pipe, socket or device',
        'error: d-socket.conf: expected a file, found a pipe, socket or device',
        'error: e-folder.conf: expected a file, found a folder',
        'error: f-bad.conf:2: mirrors[0].name: the name of a mirror is missing or empty',
        "error: f-bad.conf:2: mirrors[0].upstream: expected an rsync upstream that ends with '/', found nothing",
        'error: f-bad.conf:3: mirrors[0].retry: expected a whole number from 0 to 1000000, found a string',
      ]);
    } finally {
      socket.close();
    }
  });

  test('a folder or file without permission', async () => {
    const denied = (path: string) =>
      Promise.reject(Object.assign(new Error(`denied ${path}`), { code: 'EACCES' }));
    const files = inMemory({ '/w.conf': including('"/m/*"'), '/m/a': '' });
    expect(
      lines((await loadWorkerConfig({ file: '/w.conf', ...files, listFolder: denied })).diagnostics),
    ).toEqual([
      "error: /w.conf:8: include.include_mirrors: the folder of '/m/*' cannot be read: no permission",
    ]);
    expect(
      lines((await loadWorkerConfig({ file: '/w.conf', ...files, readFile: denied })).diagnostics),
    ).toEqual(['error: /w.conf: the file cannot be read: no permission']);
  });

  test('loading twice gives the same, and sees what has changed between', async () => {
    await using dir = await tempDir();
    const file = join(dir.path, 'w.conf');
    await writeFile(file, including('"m/*.conf"'));
    const first = await loadWorkerConfig({ file });
    expect(await loadWorkerConfig({ file })).toEqual(first);
    await mkdir(join(dir.path, 'm'));
    await writeFile(join(dir.path, 'm', 'a.conf'), mirrorOf('a'));
    await chmod(join(dir.path, 'm', 'a.conf'), 0o600);
    const { mirrors } = valueOf(await loadWorkerConfig({ file }));
    expect(mirrors.map(({ name }) => name)).toEqual(['own', 'a']);
  });
});
