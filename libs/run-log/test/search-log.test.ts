import { appendFile, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { searchLog, searchPattern } from '../src/index.js';

test('lines are found with their offsets, and the search goes on where it ended', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, '镜像 ok\nan Error\nfine\nerror: (12)\nlast error');
  expect(await searchLog(file, searchPattern('ERROR'), { limit: 2 })).toEqual({
    hits: [
      { offset: 10, text: 'an Error', match: [3, 8] },
      { offset: 24, text: 'error: (12)', match: [0, 5] },
    ],
    end: 36,
    size: 46,
  });
  expect(await searchLog(file, searchPattern('ERROR'), { start: 36 })).toEqual({
    hits: [{ offset: 36, text: 'last error', match: [5, 10] }],
    end: 46,
    size: 46,
  });
  const found = async (...pattern: Parameters<typeof searchPattern>): Promise<string[]> =>
    (await searchLog(file, searchPattern(...pattern))).hits.map(({ text }) => text);
  expect(await found('error', { matchCase: true })).toEqual(['error: (12)', 'last error']);
  expect(await found('(12)')).toEqual(['error: (12)']);
  expect(await found('^\\w+: \\(\\d+\\)$', { regex: true })).toEqual(['error: (12)']);
  expect((await searchLog(file, searchPattern('x'), { start: 1000 })).end).toBe(46);
});

test('holes, NULs and endless lines are no obstacle: offsets are true, texts are short', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'head\n');
  await truncate(file, 64 << 20);
  await appendFile(file, 'af\0ter\n');
  await appendFile(file, `${'x'.repeat(3_000_000)}needle${'y'.repeat(100_000)}`);
  const { hits, end, size } = await searchLog(file, searchPattern('after|needle', { regex: true }));
  expect([hits.length, end]).toEqual([2, size]);
  expect(hits[0]?.text).toBe('after');
  const { offset = 0, text = '', match: [from, to] = [0, 0] } = hits[1] ?? {};
  expect([text.length <= 500, text.slice(from, to)]).toEqual([true, 'needle']);
  await using handle = await open(file);
  const piece = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, offset);
  expect(piece.buffer.toString()).toContain('needle');
});

test('a search that takes too long gives what it has', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'hit\n'.repeat(500_000));
  const { hits, end, size } = await searchLog(file, searchPattern('hit'), { limit: 1e9, budgetMs: 5 });
  expect(hits.length).toBe(end / 4);
  expect(end).toBeLessThan(size);
});

test('a pattern that is none, a log that is gone, a search that nobody wants any more', async () => {
  expect(() => searchPattern('(', { regex: true })).toThrow(
    expect.objectContaining({
      code: 'RUN_LOG_PATTERN_INVALID',
      message: expect.stringMatching(/missing/),
    }),
  );
  await expect(searchLog('/no/such.log', searchPattern('x'))).rejects.toMatchObject({
    code: 'RUN_LOG_READ_FAILED',
  });
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'x');
  await truncate(file, 2 ** 31);
  await appendFile(file, 'x\n'.repeat(1000));
  const signal = AbortSignal.timeout(1);
  await expect(searchLog(file, searchPattern('y'), { signal })).rejects.toMatchObject({
    code: 'RUN_LOG_SCAN_ABORTED',
  });
});
