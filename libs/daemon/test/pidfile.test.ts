import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { tempDir } from '@tunasync/test-utils';
import { writePidfile } from '../src/index.js';

describe('writePidfile', () => {
  test('holds the process id until it is removed', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'pid');
    const logger = memoryLogger();
    const pidfile = await writePidfile(path, { logger });
    expect(await readFile(path, 'utf8')).toBe(`${process.pid}\n`);
    await pidfile.remove();
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    await pidfile.remove();
    expect(logger.lines).toEqual([]);
  });

  test('leaves a file that another process has taken over', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'pid');
    const pidfile = await writePidfile(path, { logger: memoryLogger(), pid: 1 });
    await writeFile(path, '2\n');
    await pidfile.remove();
    expect(await readFile(path, 'utf8')).toBe('2\n');
  });

  test('only warns when it cannot be written', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'missing', 'pid');
    const logger = memoryLogger();
    const pidfile = await writePidfile(path, { logger });
    await pidfile.remove();
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', expect.stringMatching(/^Cannot write the pidfile .*missing\/pid: .*ENOENT/)],
    ]);
  });
});
