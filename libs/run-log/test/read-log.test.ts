import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { appendToLog, readLogRange, readLogTail } from '../src/index.js';

describe('readLogRange', () => {
  test('reads parts by offset, and continues where the last call ended', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, 'one\ntwo\n');
    expect(await readLogRange(file, { start: 4, end: 7 })).toEqual({
      text: 'two',
      start: 4,
      end: 7,
      size: 8,
    });
    const all = await readLogRange(file);
    expect(all).toEqual({ text: 'one\ntwo\n', start: 0, end: 8, size: 8 });
    expect(await readLogRange(file, { start: all.end })).toEqual({ text: '', start: 8, end: 8, size: 8 });
    await appendFile(file, 'three\n');
    expect(await readLogRange(file, { start: all.end })).toEqual({
      text: 'three\n',
      start: 8,
      end: 14,
      size: 14,
    });
  });

  test.each([
    [{ start: 100 }, { text: '', start: 3, end: 3 }],
    [
      { start: -5, end: 2 },
      { text: 'ab', start: 0, end: 2 },
    ],
    [
      { start: 2, end: 1 },
      { text: '', start: 2, end: 2 },
    ],
    [{ end: 100 }, { text: 'abc', start: 0, end: 3 }],
  ])('%j of a log of 3 bytes', async (range, expected) => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, 'abc');
    expect(await readLogRange(file, range)).toEqual({ ...expected, size: 3 });
  });

  test('gives at most 1 MiB at a time', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, 'x'.repeat(3_000_000));
    const { text, end, size } = await readLogRange(file, { start: 10, end: 2_000_000 });
    expect([text.length, end, size]).toEqual([1_048_576, 1_048_586, 3_000_000]);
  });

  test('a missing log is an error that names it', async () => {
    await expect(readLogRange('/no/such.log')).rejects.toMatchObject({
      code: 'RUN_LOG_READ_FAILED',
      message: expect.stringContaining('cannot read /no/such.log: '),
    });
  });
});

describe('readLogTail', () => {
  test.each([
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc', 2, 'b\nc'],
    ['a\nb\nc\n', 3, 'a\nb\nc\n'],
    ['a\nb\nc\n', 9, 'a\nb\nc\n'],
    ['a\n\n\n', 2, '\n\n'],
    ['a\n', 0, ''],
    ['', 5, ''],
  ])('of %j the last %i', async (content, lines, text) => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, content);
    expect(await readLogTail(file, lines)).toEqual({
      text,
      start: content.length - text.length,
      end: content.length,
      size: content.length,
    });
  });

  test('reads back over several blocks', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`);
    await writeFile(file, lines.join(''));
    expect((await readLogTail(file, 15_000)).text).toBe(lines.slice(5_000).join(''));
  });

  test('is bounded', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, `${'x'.repeat(2_000_000)}\nend\n`);
    expect((await readLogTail(file, 2)).text).toHaveLength(1_048_576);
    expect((await readLogTail(file, 1)).text).toBe('end\n');
  });
});

test('a log that is emptied again and again while it is read gives parts of it and no errors', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, '');
  const child = spawn('sh', ['-c', 'while :; do seq 100000 >"$0"; : >"$0"; done', file], { stdio: 'ignore' });
  try {
    let filled = 0;
    for (let times = 0; times < 300; times++) {
      const tail = await readLogTail(file, 20_000);
      const range = await readLogRange(file, { start: 1000 });
      for (const { text, start, end } of [tail, range]) {
        expect(end - start).toBe(Buffer.byteLength(text));
        expect(text).toMatch(/^[\d\n]*$/);
        if (text !== '') filled++;
      }
    }
    expect(filled).toBeGreaterThan(0);
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

test('appendToLog adds at the end, makes the file, and says when it cannot', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await appendToLog(file, 'one\n');
  await appendToLog(file, 'two\n');
  expect((await readLogRange(file)).text).toBe('one\ntwo\n');
  await expect(appendToLog(join(file, 'below'), 'x')).rejects.toMatchObject({
    code: 'RUN_LOG_WRITE_FAILED',
    message: expect.stringContaining(`cannot write to ${join(file, 'below')}: `),
  });
});
