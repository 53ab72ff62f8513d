import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { packageVersion } from '../src/index.js';

describe('packageVersion', () => {
  test('reads the package.json one folder above the module', async () => {
    await using dir = await tempDir();
    await mkdir(join(dir.path, 'dist'));
    await writeFile(join(dir.path, 'package.json'), '{"version":"4.5.6"}');
    const moduleUrl = pathToFileURL(join(dir.path, 'dist', 'index.js')).href;
    expect(packageVersion(moduleUrl)).toBe('4.5.6');
    await writeFile(join(dir.path, 'package.json'), '{}');
    expect(() => packageVersion(moduleUrl)).toThrow(/package\.json has no version$/);
  });
});
