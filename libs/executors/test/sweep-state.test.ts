import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { sweepState } from '../src/index.js';

test('files of executions that are no longer needed are removed, all others stay', async () => {
  await using folder = await tempDir();
  const [noted, lost] = [randomUUID(), randomUUID()];
  const names = [`${noted}.exit`, `${lost}.exit`, `${lost}.follow`, 'README', `x${lost}.exit`];
  for (const name of names) await writeFile(join(folder.path, name), '');
  expect(await sweepState(folder.path, new Set([noted]))).toBe(2);
  expect((await readdir(folder.path)).sort()).toEqual(['README', `${noted}.exit`, `x${lost}.exit`].sort());
});

test('a folder that does not exist yet is swept already; one that is none is an error', async () => {
  await using folder = await tempDir();
  expect(await sweepState(join(folder.path, 'none'), new Set())).toBe(0);
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  await expect(sweepState(file, new Set())).rejects.toThrow('ENOTDIR');
});
