import { execFile } from 'node:child_process';
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { bindMount, canMount, tempDir, tmpfsMount } from '@tunasync/test-utils';
import {
  appendToLog,
  createRunLog,
  linkLatest,
  listRunLogs,
  markRunLogFailed,
  pruneRunLogs,
} from '../src/index.js';

const now = new Date(2026, 10, 23, 12, 0, 30).getTime();
const withMounts = canMount() ? test : test.skip;
const files = async (dir: string): Promise<string[]> => (await readdir(dir)).sort();

async function fill(dir: string, names: string[]): Promise<void> {
  for (const name of names) await writeFile(join(dir, name), name);
}

describe('createRunLog', () => {
  test('makes the folder and an empty file', async () => {
    await using folder = await tempDir();
    const dir = join(folder.path, 'log', 'debian');
    const path = await createRunLog({ dir, mirror: 'debian', now });
    expect(path).toBe(join(dir, 'debian_2026-11-23_12_00.log'));
    expect(await readFile(path, 'utf8')).toBe('');
  });

  test('defect 14: attempts of one minute have a file each, failed ones included', async () => {
    await using folder = await tempDir();
    const create = () => createRunLog({ dir: folder.path, mirror: 'debian', now });
    const first = await create();
    await appendToLog(first, 'first attempt');
    await markRunLogFailed(first);
    const second = await create();
    await appendToLog(second, 'second');
    await create();
    expect(await files(folder.path)).toEqual([
      'debian_2026-11-23_12_00.log.fail',
      'debian_2026-11-23_12_00_2.log',
      'debian_2026-11-23_12_00_3.log',
    ]);
    expect(await readFile(`${first}.fail`, 'utf8')).toBe('first attempt');
    expect(await readFile(second, 'utf8')).toBe('second');
  });

  test('many at a time get different files', async () => {
    await using folder = await tempDir();
    const dir = join(folder.path, 'new');
    const paths = await Promise.all(
      Array.from({ length: 20 }, () => createRunLog({ dir, mirror: 'debian', now })),
    );
    expect(new Set(paths).size).toBe(20);
    expect(await readdir(dir)).toHaveLength(20);
  });

  test('others may read it, as they may those of tunasync v0.10', async () => {
    await using folder = await tempDir();
    const path = await createRunLog({ dir: join(folder.path, 'new'), mirror: 'debian', now });
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    expect((await stat(join(folder.path, 'new'))).mode & 0o777).toBe(0o755);
  });

  withMounts.each([
    ['has room for names only', 'size=64k', 60 * 1024],
    ['has no room for another name', 'size=1m,nr_inodes=2', 0],
  ])('a disk that %s is full, and nothing is left there', async (_, options, used) => {
    await using folder = await tempDir();
    await using _mount = await tmpfsMount(folder.path, options);
    await writeFile(join(folder.path, 'other'), Buffer.alloc(used));
    await expect(createRunLog({ dir: folder.path, mirror: 'debian', now })).rejects.toMatchObject({
      code: 'RUN_LOG_DISK_FULL',
      message: expect.stringMatching(/^no room for a log in .*: .*ENOSPC/),
    });
    expect(await readdir(folder.path)).toEqual(['other']);
  });

  test('says where no log can be made', async () => {
    await using folder = await tempDir();
    await fill(folder.path, ['file']);
    const dir = join(folder.path, 'file');
    await expect(createRunLog({ dir, mirror: 'debian', now })).rejects.toMatchObject({
      code: 'RUN_LOG_CREATE_FAILED',
      message: expect.stringContaining(`cannot make a log in ${dir}: `),
    });
  });
});

describe('listRunLogs', () => {
  test('lists own logs only, newest first, with the facts in their names and files', async () => {
    await using folder = await tempDir();
    await fill(folder.path, [
      'debian_2026-11-22_23_59.log',
      'debian_2026-11-23_12_00_10.log',
      'debian_2026-11-23_12_00.log.fail',
      'debian_2026-11-23_12_00_2.log',
      'debian-cd_2026-11-23_12_30.log',
      'debian_2026-11-23_12_30_2026-11-23_12_31.log',
      'notes.txt',
    ]);
    await utimes(join(folder.path, 'debian_2026-11-22_23_59.log'), 1_000, 1_000.5);
    const logs = await listRunLogs(folder.path, 'debian');
    expect(logs.map(({ file, n, failed }) => [file.slice(folder.path.length + 1), n, failed])).toEqual([
      ['debian_2026-11-23_12_00_10.log', 10, false],
      ['debian_2026-11-23_12_00_2.log', 2, false],
      ['debian_2026-11-23_12_00.log.fail', 1, true],
      ['debian_2026-11-22_23_59.log', 1, false],
    ]);
    expect(logs.at(-1)).toEqual({
      file: join(folder.path, 'debian_2026-11-22_23_59.log'),
      time: '2026-11-22_23_59',
      n: 1,
      failed: false,
      size: 27,
      allocated: expect.any(Number),
      mtime: 1_000_500,
    });
  });

  test('only files are logs: no folder, no pipe, no link, whatever it leads to', async () => {
    await using folder = await tempDir();
    const at = (minute: number): string => join(folder.path, `debian_2026-11-23_12_0${minute}.log`);
    await writeFile(at(0), 'x');
    await mkdir(at(1));
    await promisify(execFile)('mkfifo', [at(2)]);
    await symlink('/etc/passwd', at(3));
    await symlink(at(0), at(4));
    await symlink('/no/such/file', at(5));
    expect((await listRunLogs(folder.path, 'debian')).map(({ file }) => file)).toEqual([at(0)]);
    // they take no log's place
    expect(await pruneRunLogs(folder.path, 'debian', 1)).toEqual([]);
    expect(await files(folder.path)).toHaveLength(6);
  });

  test('there are none in a folder that does not exist; one that cannot be read is an error', async () => {
    await using folder = await tempDir();
    expect(await listRunLogs(join(folder.path, 'none'), 'debian')).toEqual([]);
    await fill(folder.path, ['file']);
    await expect(listRunLogs(join(folder.path, 'file'), 'debian')).rejects.toMatchObject({
      code: 'RUN_LOG_READ_FAILED',
    });
  });
});

describe('pruneRunLogs', () => {
  test('defect 14: keeps the newest logs of a mirror and everything of the others', async () => {
    await using folder = await tempDir();
    const days = Array.from({ length: 12 }, (_, i) => String(i + 10));
    const own = days.map((day) => `debian_2026-11-${day}_00_00.log`);
    const others = [
      ...days.map((day) => `debian-cd_2026-11-${day}_00_00.log`),
      'debian_2020-01-01_00_00.txt',
      'debian_2020-01-01_00_00_2020-01-01_00_00.log',
    ];
    await fill(folder.path, [...own, ...others]);
    const gone = await pruneRunLogs(folder.path, 'debian', 10);
    expect(gone.sort()).toEqual(own.slice(0, 2).map((name) => join(folder.path, name)));
    expect(await files(folder.path)).toEqual([...own.slice(2), ...others].sort());
    expect(await pruneRunLogs(folder.path, 'debian', 10)).toEqual([]);
  });

  test('treats special characters in a name literally', async () => {
    await using folder = await tempDir();
    await fill(folder.path, ['a.c_2026-11-10_00_00.log', 'abc_2026-11-10_00_00.log']);
    await pruneRunLogs(folder.path, 'a.c', 0);
    expect(await files(folder.path)).toEqual(['abc_2026-11-10_00_00.log']);
  });

  test('never removes the current log, though the clock was set back', async () => {
    await using folder = await tempDir();
    const names = [
      'debian_2020-01-01_00_00.log',
      'debian_2026-11-10_00_00.log',
      'debian_2026-11-11_00_00.log',
    ];
    await fill(folder.path, names);
    await pruneRunLogs(folder.path, 'debian', 2, join(folder.path, names[0]!));
    expect(await files(folder.path)).toEqual([names[0], names[2]]);
    await pruneRunLogs(folder.path, 'debian', 0, join(folder.path, names[0]!));
    expect(await files(folder.path)).toEqual([names[0]]);
  });

  withMounts('a log that cannot be removed is an error', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'debian_2026-11-10_00_00.log');
    await writeFile(file, 'x');
    await using _ = await bindMount(file, file);
    await expect(pruneRunLogs(folder.path, 'debian', 0)).rejects.toMatchObject({
      code: 'RUN_LOG_WRITE_FAILED',
    });
  });
});

describe('markRunLogFailed and linkLatest', () => {
  test('the log of a failed attempt is renamed once', async () => {
    await using folder = await tempDir();
    const path = await createRunLog({ dir: folder.path, mirror: 'debian', now });
    const failed = await markRunLogFailed(path);
    expect(failed).toBe(`${path}.fail`);
    expect(await markRunLogFailed(failed)).toBe(failed);
    expect(await files(folder.path)).toEqual(['debian_2026-11-23_12_00.log.fail']);
    await expect(markRunLogFailed(path)).rejects.toMatchObject({
      code: 'RUN_LOG_WRITE_FAILED',
      message: expect.stringContaining(`cannot mark ${path} as failed: `),
    });
  });

  test('latest is a relative link that can be replaced, and leaves nothing beside it', async () => {
    await using folder = await tempDir();
    await linkLatest(folder.path, join(folder.path, 'one.log'));
    expect(await readlink(join(folder.path, 'latest'))).toBe('one.log');
    await linkLatest(folder.path, join(folder.path, 'sub', 'two.log'));
    expect(await readlink(join(folder.path, 'latest'))).toBe('sub/two.log');
    expect(await files(folder.path)).toEqual(['latest']);
  });

  test('a folder of that name stays and is an error', async () => {
    await using folder = await tempDir();
    await mkdir(join(folder.path, 'latest'));
    await expect(linkLatest(folder.path, join(folder.path, 'one.log'))).rejects.toMatchObject({
      code: 'RUN_LOG_WRITE_FAILED',
    });
    expect((await lstat(join(folder.path, 'latest'))).isDirectory()).toBe(true);
    expect(await files(folder.path)).toEqual(['latest']);
  });
});
