import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { lineOfKey } from '../src/index.js';
import { inMemory } from './support.js';

describe('lineOfKey', () => {
  const file = '\uFEFF# a manager\r\n[Files]\r\ndb_type = "redis"\r\nDB_FILE = "unix:///x"\r\n';

  test.each([
    ['files.db_file', 4],
    ['files.db_type', 3],
    ['files.status_file', 2],
    ['server.addr', undefined],
  ])('%s', async (key, line) => {
    expect(await lineOfKey('m.conf', key, inMemory({ 'm.conf': file }))).toBe(line);
  });

  test('of a file on disk, and of none', async () => {
    await using dir = await tempDir();
    await writeFile(join(dir.path, 'm.conf'), '\n\ndebug = true\n');
    expect(await lineOfKey(join(dir.path, 'm.conf'), 'debug')).toBe(3);
    expect(await lineOfKey(join(dir.path, 'none.conf'), 'debug')).toBeUndefined();
  });
});
