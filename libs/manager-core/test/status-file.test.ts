import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { FakeClock, tempDir, waitFor } from '@tunasync/test-utils';
import { StatusFile } from '../src/upkeep/status-file.js';

/** A status file in a throwaway folder, whose content is set by hand. */
async function statusFile() {
  const dir = await tempDir();
  const path = join(dir.path, 'sub', 'tunasync.json');
  await mkdir(join(dir.path, 'sub'));
  const clock = new FakeClock();
  const logger = memoryLogger();
  let content = '[]';
  let asked = 0;
  const file = new StatusFile({
    path,
    logger,
    clock,
    content: () => {
      asked++;
      return Buffer.from(content);
    },
  });
  return {
    path,
    clock,
    logger,
    file,
    folder: join(dir.path, 'sub'),
    writes: () => asked,
    read: () => readFile(path, 'utf8'),
    set(text: string) {
      content = text;
      file.changed();
    },
    async [Symbol.asyncDispose]() {
      await file.close();
      await dir.remove();
    },
  };
}

describe('StatusFile', () => {
  test('defect 21: is written when a status changes, at most once a second, and always the latest', async () => {
    await using it = await statusFile();
    it.set('[1]');
    await waitFor('the first write', async () => (await it.read()) === '[1]' && it.clock.pending === 1);
    it.set('[2]');
    it.set('[3]');
    await it.clock.advance(999);
    expect(await it.read()).toBe('[1]');
    await it.clock.advance(1);
    await waitFor('the second write', async () => (await it.read()) === '[3]' && it.clock.pending === 1);
    expect(it.writes()).toBe(2);
    await it.clock.advance(10_000);
    expect(it.writes()).toBe(2);
    expect(await readdir(it.folder)).toEqual(['tunasync.json']);
    expect((await stat(it.path)).mode & 0o777).toBe(0o644);
  });

  test('readers never see half a file, however often it changes', async () => {
    await using it = await statusFile();
    const text = (n: number): string => JSON.stringify(Array(20_000).fill(n));
    it.set(text(0));
    await waitFor('the first write', () => it.read());
    for (let n = 1; n < 20; n++) {
      it.set(text(n));
      const moving = it.clock.advance(1000);
      const values = new Set(JSON.parse(await it.read()) as number[]);
      expect(values.size).toBe(1);
      await moving;
    }
  });

  test('writes what is left when it is closed, and nothing after', async () => {
    await using it = await statusFile();
    it.set('[1]');
    await waitFor('the first write', () => it.clock.pending === 1);
    it.set('[2]');
    await it.file.close();
    expect(await it.read()).toBe('[2]');
    expect(it.clock.pending).toBe(0);
    it.set('[3]');
    await it.clock.advance(10_000);
    expect(await it.read()).toBe('[2]');
  });

  test('a write that fails only warns, once, and is tried again until it works', async () => {
    await using it = await statusFile();
    await rm(it.folder, { recursive: true });
    await writeFile(it.folder, 'a file where the folder should be');
    it.set('[1]');
    await waitFor('the warning', () => it.logger.lines.length > 0 && it.clock.pending === 1);
    it.set('[2]');
    await it.clock.advance(5000);
    await waitFor('the second try', () => it.writes() === 2 && it.clock.pending === 1);
    expect(it.logger.lines).toMatchObject([
      {
        level: 'warn',
        message: expect.stringMatching(/^Cannot write the status file .*tunasync\.json: .*ENOTDIR/),
      },
    ]);
    await rm(it.folder);
    await mkdir(it.folder);
    await it.clock.advance(5000);
    expect(await waitFor('the file', () => it.read())).toBe('[2]');
    await waitFor('the all-clear', () => it.logger.lines.length === 2);
    expect(it.logger.lines[1]).toMatchObject({ level: 'notice', message: `Writing ${it.path} works again` });
  });
});
