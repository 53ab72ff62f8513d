import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { JobCgroup } from '../src/cgroup/job-cgroup.js';

// files of kernels with the memory controller in version 2, or older than this machine's
async function folderWith(files: Record<string, string>) {
  const folder = await tempDir();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
  const contents = async () =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(folder.path)).map(async (name) => [
          name,
          await readFile(join(folder.path, name), 'utf8'),
        ]),
      ),
    ) as Record<string, string>;
  return { path: folder.path, contents, [Symbol.asyncDispose]: () => folder.remove() };
}

describe('a limit in version 2', () => {
  test('is for memory without swap, and a kill is for all', async () => {
    await using folder = await folderWith({
      'memory.max': '',
      'memory.swap.max': '',
      'memory.oom.group': '',
    });
    new JobCgroup(folder.path, 2).limitMemory(268_435_456);
    expect(await folder.contents()).toEqual({
      'memory.max': '268435456',
      'memory.swap.max': '0',
      'memory.oom.group': '1',
    });
  });

  test('is set where the kernel has neither swap accounting nor group kills', async () => {
    await using folder = await folderWith({ 'memory.max': '' });
    new JobCgroup(folder.path, 2).limitMemory(1_048_576);
    expect(await folder.contents()).toEqual({ 'memory.max': '1048576' });
  });

  test('cannot be set without the controller', async () => {
    await using folder = await folderWith({});
    expect(() => {
      new JobCgroup(folder.path, 2).limitMemory(1);
    }).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(await folder.contents()).toEqual({});
  });
});

describe('whether a command went over its limit', () => {
  test.each([
    [2, 'killed at its limit', { 'memory.events': 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\n' }, true],
    [2, 'at its limit, nothing killed', { 'memory.events': 'max 12\noom 0\noom_kill 0\n' }, false],
    [2, 'killed for want of memory elsewhere', { 'memory.events': 'max 0\noom 0\noom_kill 1\n' }, false],
    [2, 'without the controller', {}, false],
    [
      1,
      'killed at its limit',
      { 'memory.failcnt': '9\n', 'memory.oom_control': 'under_oom 0\noom_kill 1\n' },
      true,
    ],
    [
      1,
      'killed at its limit of memory and swap',
      { 'memory.failcnt': '0\n', 'memory.memsw.failcnt': '3\n', 'memory.oom_control': 'oom_kill 1\n' },
      true,
    ],
    [
      1,
      'at its limit, nothing killed',
      { 'memory.failcnt': '9\n', 'memory.oom_control': 'oom_kill 0\n' },
      false,
    ],
    [
      1,
      'killed for want elsewhere',
      { 'memory.failcnt': '0\n', 'memory.oom_control': 'oom_kill 1\n' },
      false,
    ],
    [
      1,
      'killed at its limit, refusals not counted',
      {
        'memory.failcnt': '0\n',
        'memory.max_usage_in_bytes': '16744448\n',
        'memory.limit_in_bytes': '16777216\n',
        'memory.oom_control': 'oom_kill 1\n',
      },
      true,
    ],
    [
      1,
      'killed below its limit',
      {
        'memory.failcnt': '0\n',
        'memory.max_usage_in_bytes': '8388608\n',
        'memory.limit_in_bytes': '16777216\n',
        'memory.oom_control': 'oom_kill 1\n',
      },
      false,
    ],
    [
      1,
      'a kernel that does not count, SIGKILL',
      { 'memory.failcnt': '9\n', 'memory.oom_control': 'under_oom 0\n' },
      true,
    ],
  ] as const)('version %s, %s', async (version, _, files, over) => {
    await using folder = await folderWith(files);
    expect(new JobCgroup(folder.path, version).wentOverLimit(true)).toBe(over);
  });

  test('a kernel that does not count: the limit was reached, but no process was killed', async () => {
    await using folder = await folderWith({ 'memory.failcnt': '9\n', 'memory.oom_control': 'under_oom 0\n' });
    expect(new JobCgroup(folder.path, 1).wentOverLimit(false)).toBe(false);
  });
});

test('pids are those of all levels, without strangers of other namespaces and this process', async () => {
  await using folder = await folderWith({ 'cgroup.procs': `0\n4000001\n${process.pid}\n` });
  await mkdir(join(folder.path, 'below', 'deeper'), { recursive: true });
  await writeFile(join(folder.path, 'below', 'deeper', 'cgroup.procs'), '4000002\n');
  const cgroup = new JobCgroup(folder.path, 1);
  expect(cgroup.pids().sort()).toEqual([4000001, 4000002]);
  expect(cgroup.isPopulated()).toBe(true);
});
