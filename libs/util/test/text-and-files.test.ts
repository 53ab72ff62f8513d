import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { hasErrorCode, isMissing, pathExists, undoOctalEscapes } from '../src/index.js';

test('undoOctalEscapes replaces the escapes of mountinfo and nothing else', () => {
  expect(undoOctalEscapes('/mnt/a\\040b\\011c\\134d')).toBe('/mnt/a b\tc\\d');
  expect(undoOctalEscapes('/mnt/\\08\\4')).toBe('/mnt/\\08\\4');
});

test('isMissing is true for what does not exist, and for a path below a file', () => {
  const withCode = (code: string): Error => Object.assign(new Error(code), { code });
  expect(['ENOENT', 'ENOTDIR', 'EACCES'].map((code) => isMissing(withCode(code)))).toEqual([
    true,
    true,
    false,
  ]);
  expect([undefined, null, 'ENOENT', {}].map((error) => isMissing(error))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(hasErrorCode(withCode('EEXIST'), 'EEXIST')).toBe(true);
});

test('pathExists is false only for what does not exist', async () => {
  await using dir = await tempDir();
  await mkdir(join(dir.path, 'folder'));
  await writeFile(join(dir.path, 'file'), '');
  await symlink('loop', join(dir.path, 'loop'));
  const exists = (name: string): Promise<boolean> => pathExists(join(dir.path, name));
  expect(await Promise.all(['folder', 'file', 'loop'].map(exists))).toEqual([true, true, true]);
  expect(await Promise.all(['none', 'file/below'].map(exists))).toEqual([false, false]);
});
