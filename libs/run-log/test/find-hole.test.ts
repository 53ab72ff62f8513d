import { execFile } from 'node:child_process';
import { open, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { fallocatePunchHole, findHole, LogTrimmer, openLog, readLogEnd, type LogHole } from '../src/index.js';

async function opened(file: string) {
  const log = await openLog(file);
  if (log === undefined) throw new TypeError(`no log ${file}`);
  return { ...log, [Symbol.asyncDispose]: () => log.handle.close() };
}

async function holeOf(file: string): Promise<LogHole | undefined> {
  await using log = await opened(file);
  return await findHole(log.handle, log);
}

test.each([
  [5, 100_000],
  [100_000, 400_000],
  [1_000_000, 90_000],
  [12_345, 2 ** 30],
  [3_000_000, 2 ** 40],
])('of a log with %i bytes in front of it, a hole of %i is found to the byte', async (head, length) => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'x'.repeat(head));
  await truncate(file, head + length);
  expect(await holeOf(file)).toEqual({ start: head, end: head + length });
  await writeFile(file, 'end\n', { flag: 'a' });
  expect(await holeOf(file)).toEqual({ start: head, end: head + length });
});

test('a plain log has none, nor has one of NULs that are on the disk', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'x\n'.repeat(500_000));
  expect(await holeOf(file)).toBeUndefined();
  await writeFile(file, Buffer.alloc(1_000_000));
  expect(await holeOf(file)).toBeUndefined();
  await writeFile(file, '');
  expect(await holeOf(file)).toBeUndefined();
});

test('the hole of a log that is being written begins after the notice about it', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  const line = `${'x'.repeat(99)}\n`;
  await writeFile(file, line.repeat(20_000));
  const trimmer = new LogTrimmer({ file, maxSize: 65_536, punchHole: fallocatePunchHole(process.env) });
  await trimmer.trim();
  const hole = await holeOf(file);
  const { size } = await stat(file);
  const left = size - ((hole?.end ?? 0) - (hole?.start ?? 0));
  expect(left).toBeLessThan(65_536);
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(2000), 0, 2000, (hole?.start ?? 0) - 64);
  expect(buffer.toString()).toMatch(/\n\[\.\.\. log_max_size: \d+ bytes were left out here \.\.\.\]\n\0+$/);
  const behind = await handle.read(Buffer.alloc(line.length), 0, line.length, hole?.end);
  expect(behind.buffer.toString()).toBe(line);
});

test('the last lines are bytes as they are on the disk, and none from in front of a hole', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  const text = Buffer.concat([Buffer.from('first\n'), Buffer.from([0xff, 0, 0x41, 10]), Buffer.from('镜\n')]);
  await writeFile(file, text);
  {
    await using log = await opened(file);
    expect(await readLogEnd(log, 2)).toEqual({ bytes: text.subarray(6), start: 6 });
    expect(await readLogEnd(log, 9)).toEqual({ bytes: text, start: 0 });
    expect(await readLogEnd(log, 0)).toEqual({ bytes: Buffer.alloc(0), start: text.length });
  }
  await truncate(file, 300_000);
  await writeFile(file, 'a\nb\n', { flag: 'a' });
  {
    await using log = await opened(file);
    expect(await readLogEnd(log, 9)).toEqual({ bytes: Buffer.from('a\nb\n'), start: 300_000 });
  }
  // a line of more than 1 MiB begins with a whole character
  await writeFile(file, '镜像'.repeat(500_000));
  await using log = await opened(file);
  expect((await readLogEnd(log, 1)).bytes.toString()).not.toContain('\uFFFD');
});

test('a pipe is no log, and opening it does not block', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await promisify(execFile)('mkfifo', [file]);
  expect(await openLog(file)).toBeUndefined();
});
