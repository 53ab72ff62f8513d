import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { tempDir, type TempDir } from '@tunasync/test-utils';
import { DurableKv, StoreError, type KvSlice } from '../src/index.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let dir: TempDir;
let path: string;
beforeEach(async () => {
  dir = await tempDir();
  path = join(dir.path, 'db');
});
afterEach(() => dir.remove());

/** Makes a database with one entry. */
async function makeDatabase(): Promise<void> {
  const kv = await DurableKv.open(path, { logger: nullLogger });
  await kv.write([{ type: 'put', key: 'a', value: '1' }]);
  await kv.close();
}

/** The error of opening `at`; its message must be one line. */
async function openingError(at = path): Promise<StoreError> {
  const error: unknown = await DurableKv.open(at, { logger: nullLogger }).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).message).not.toContain('\n');
  return error as StoreError;
}

/** Names and contents of the files that hold data. */
async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(path)).filter((name) => !name.startsWith('LO'));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(path, name), 'latin1')] as const)),
  );
}

describe('opening a database', () => {
  test('that another process uses says so, and it opens when that one is done', async () => {
    const kv = await DurableKv.open(path, { logger: nullLogger });
    const error = await openingError();
    expect(error.code).toBe('STORE_LOCKED');
    expect(error.message).toBe(`cannot open the database ${path}: another process uses it`);
    await kv.close();
    await (await DurableKv.open(path, { logger: nullLogger })).close();
  });

  test.each([
    ['CURRENT without a line end', 'CURRENT', 'garbage'],
    ['CURRENT that names nothing', 'CURRENT', 'MANIFEST-000099\n'],
    ['an empty CURRENT', 'CURRENT', ''],
    ['an overwritten manifest', 'MANIFEST', 'garbage garbage garbage garbage garbage'],
    ['an empty manifest', 'MANIFEST', ''],
  ])('with %s reports the damage and changes nothing', async (_what, prefix, text) => {
    await makeDatabase();
    const name = (await readdir(path)).find((file) => file.startsWith(prefix));
    await writeFile(join(path, name!), text);
    const before = await contents();
    const error = await openingError();
    expect(error.code).toBe('STORE_DAMAGED');
    expect(error.message).toContain(`the database ${path} is damaged: `);
    expect(await contents()).toEqual(before);
  });

  test('without its file CURRENT is not taken for a new one', async () => {
    await makeDatabase();
    await rm(join(path, 'CURRENT'));
    const before = await contents();
    const error = await openingError();
    expect(error.code).toBe('STORE_DAMAGED');
    expect(error.message).toBe(`the database ${path} is damaged: its file CURRENT is missing`);
    expect(await contents()).toEqual(before);
  });

  test('at a regular file names the bolt database of the original and leaves it alone', async () => {
    await writeFile(path, 'bolt');
    const error = await openingError();
    expect(error.code).toBe('STORE_NOT_A_DATABASE');
    expect(error.message).toBe(
      `${path} is a file, not a LevelDB folder; it looks like a bolt database of the original tunasync`,
    );
    expect(await readFile(path, 'utf8')).toBe('bolt');
  });

  test('at a badger database of the original says so and leaves it alone', async () => {
    await mkdir(path);
    for (const name of ['MANIFEST', 'KEYREGISTRY', '000001.vlog'])
      await writeFile(join(path, name), 'badger');
    expect((await openingError()).code).toBe('STORE_NOT_A_DATABASE');
    expect(await readdir(path)).toHaveLength(3);
  });

  test('below a regular file is an error that names the path', async () => {
    await writeFile(path, '');
    const below = join(path, 'x', 'db');
    const error = await openingError(below);
    expect(error.code).toBe('STORE_UNWRITABLE');
    expect(error.message).toContain(`cannot write the database ${below}: `);
    expect(error.message).toContain('ENOTDIR: not a directory');
  });

  test('creates missing parents', async () => {
    const deep = join(path, 'a', 'b');
    await (await DurableKv.open(deep, { logger: nullLogger })).close();
    expect(await readdir(deep)).toContain('CURRENT');
  });

  (isRoot ? test : test.skip)('on a read-only file system is an error that names the path', async () => {
    await makeDatabase();
    await run('mount', ['--bind', dir.path, dir.path]);
    try {
      await run('mount', ['-o', 'remount,ro,bind', dir.path]);
      const existing = await openingError();
      expect(existing.code).toBe('STORE_UNWRITABLE');
      expect(existing.message).toContain(`cannot write the database ${path}: `);
      expect(existing.message).toContain('Read-only file system');
      const missing = await openingError(join(dir.path, 'new', 'db'));
      expect(missing.code).toBe('STORE_UNWRITABLE');
    } finally {
      await run('umount', ['-l', dir.path]);
    }
  });
});

test.each(['/proc/nope/db', '/proc/nope/deep/er/db', '/sys/nope/db'])(
  'a place where no folder can be made, %s, is refused without waiting',
  async (place) => {
    const error = await openingError(place);
    expect(error.code).toBe('STORE_UNWRITABLE');
    expect(error.message).toMatch(new RegExp(`^cannot write the database ${place}: .*mkdir`));
  },
);

test('a file where a folder should be is refused', async () => {
  await writeFile(join(dir.path, 'file'), '');
  const error = await openingError(join(dir.path, 'file', 'folder', 'db'));
  expect(error.code).toBe('STORE_UNWRITABLE');
  expect(error.message).toContain('ENOTDIR');
});

describe('slices of keys', () => {
  const all = ['a', 'a/1', 'a/2', 'a/\u{1f41f}', 'a/\u{10ffff}', 'a0', 'b'];

  test.each<[prefix: string, slice: KvSlice | undefined, wanted: string[]]>([
    ['a/', undefined, ['a/1', 'a/2', 'a/\u{1f41f}', 'a/\u{10ffff}']],
    ['a/', { limit: 2 }, ['a/1', 'a/2']],
    ['a/', { reverse: true, limit: 2 }, ['a/\u{10ffff}', 'a/\u{1f41f}']],
    ['a/', { after: 'a/1', limit: 1 }, ['a/2']],
    ['a/', { after: 'a', limit: 1 }, ['a/1']],
    ['a/', { after: 'a/2', reverse: true }, ['a/\u{10ffff}', 'a/\u{1f41f}']],
    ['a/', { after: 'b' }, []],
    ['', { reverse: true, limit: 1 }, ['b']],
    ['c', undefined, []],
  ])('of %j with %j', async (prefix, slice, wanted) => {
    const kv = await DurableKv.open(path, { logger: nullLogger });
    await kv.write(all.map((key) => ({ type: 'put', key, value: `value of ${key}` })));
    expect(await kv.keys(prefix, slice)).toEqual(wanted);
    expect(await kv.entries(prefix, slice)).toEqual(wanted.map((key) => [key, `value of ${key}`]));
    await kv.close();
  });
});
