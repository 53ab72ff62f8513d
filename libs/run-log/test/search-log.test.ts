import { appendFile, open, readdir, readlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { searchLog, type SearchPattern } from '../src/index.js';

/** Descriptors of this process that are open at a file. */
async function openDescriptorsOf(file: string): Promise<string[]> {
  const found: string[] = [];
  for (const descriptor of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${descriptor}`).catch(() => undefined);
    if (target === file) found.push(descriptor);
  }
  return found;
}

test('lines are found with their offsets, and the search continues where it ended', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, '镜像 ok\nan Error\nfine\nerror: (12)\nlast error');
  expect(await searchLog(file, { text: 'ERROR' }, { limit: 2 })).toEqual({
    hits: [
      { offset: 10, text: 'an Error', match: [3, 8] },
      { offset: 24, text: 'error: (12)', match: [0, 5] },
    ],
    end: 36,
    size: 46,
  });
  expect(await searchLog(file, { text: 'ERROR' }, { start: 36 })).toEqual({
    hits: [{ offset: 36, text: 'last error', match: [5, 10] }],
    end: 46,
    size: 46,
  });
  const found = async (pattern: string, options: Partial<SearchPattern> = {}): Promise<string[]> =>
    (await searchLog(file, { text: pattern, ...options })).hits.map(({ text }) => text);
  expect(await found('error', { matchCase: true })).toEqual(['error: (12)', 'last error']);
  expect(await found('(12)')).toEqual(['error: (12)']);
  expect(await found('^\\w+: \\(\\d+\\)$', { regex: true })).toEqual(['error: (12)']);
  expect((await searchLog(file, { text: 'x' }, { start: 1000 })).end).toBe(46);
});

test('a search leaves no file open, whether it finds, fails or is given up', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'an error\n');
  await searchLog(file, { text: 'error' });
  await expect(searchLog(file, { text: '(', regex: true })).rejects.toMatchObject({
    code: 'RUN_LOG_PATTERN_INVALID',
  });
  await expect(searchLog(file, { text: 'error' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'RUN_LOG_SCAN_ABORTED',
  });
  expect(await openDescriptorsOf(file)).toEqual([]);
});

test('holes, NULs and endless lines are no obstacle: offsets are true, texts are short', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'head\n');
  await truncate(file, 64 << 20);
  await appendFile(file, 'af\0ter\n');
  await appendFile(file, `${'x'.repeat(3_000_000)}needle${'y'.repeat(100_000)}`);
  const { hits, end, size } = await searchLog(file, { text: 'after|needle', regex: true });
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
  const { hits, end, size } = await searchLog(file, { text: 'hit' }, { limit: 1e9, budgetMs: 5 });
  expect(hits.length).toBe(end / 4);
  expect(end).toBeLessThan(size);
});

test('an invalid pattern, a missing log and an aborted search are reported', async () => {
  await expect(searchLog('/no/such.log', { text: 'x' })).rejects.toMatchObject({
    code: 'RUN_LOG_READ_FAILED',
  });
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'x\n'.repeat(20_000_000));
  await expect(searchLog(file, { text: '(', regex: true })).rejects.toMatchObject({
    code: 'RUN_LOG_PATTERN_INVALID',
    message: expect.stringMatching(/missing/),
  });
  const signal = AbortSignal.timeout(1);
  await expect(searchLog(file, { text: 'y' }, { signal })).rejects.toMatchObject({
    code: 'RUN_LOG_SCAN_ABORTED',
  });
});

test('a hole is not read: 1 TB of it costs nothing', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'needle 1\n');
  await truncate(file, 2 ** 40);
  await appendFile(file, 'needle 2\n');
  const size = 2 ** 40 + 9;
  const { hits, end } = await searchLog(file, { text: 'needle' });
  expect([hits.map(({ offset, text }) => [offset, text]), end]).toEqual([
    [
      [0, 'needle 1'],
      [2 ** 40, 'needle 2'],
    ],
    size,
  ]);
  const next = await searchLog(file, { text: 'needle' }, { start: 9, limit: 1 });
  expect([next.hits[0]?.offset, next.end]).toEqual([2 ** 40, size]);
  expect((await searchLog(file, { text: 'needle' }, { start: 5000 })).hits).toHaveLength(1);
});

test('long lines: a match between two pieces is found once, and no character is taken apart', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  const border = 1 << 16;
  await writeFile(file, `${'x'.repeat(border - 3)}needle${'行'.repeat(100_000)}`);
  const { hits } = await searchLog(file, { text: 'needle' });
  expect(hits).toHaveLength(1);
  const broken = await searchLog(file, { text: '\uFFFD' });
  expect(broken.hits).toEqual([]);
  // as rsync --info=progress2 writes
  const updates = Array.from({ length: 50_000 }, (_, n) => `${n} of 50000 files`).join('\r');
  await writeFile(file, `${updates}\n`);
  const found = await searchLog(file, { text: '43210 of' });
  expect(found.hits).toHaveLength(1);
  expect(found.hits[0]?.text).toContain('43210 of 50000');
});

test('an expression that takes too long is refused, and does not block the event loop', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'ab'.repeat(60_000));
  let turns = 0;
  const ticks = setInterval(() => turns++, 5);
  const text = '(a|b|ab|.){1000}'.repeat(30) + 'c';
  await expect(searchLog(file, { text, regex: true }, { budgetMs: 10 })).rejects.toMatchObject({
    code: 'RUN_LOG_PATTERN_SLOW',
  });
  clearInterval(ticks);
  // compiling it in this thread would leave no turn to others
  expect(turns).toBeGreaterThan(5);
}, 20_000);

test('an empty match is one, on every line', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'a\n\nb');
  const { hits } = await searchLog(file, { text: 'x*', regex: true });
  expect(hits.map(({ offset, match }) => [offset, match])).toEqual([
    [0, [0, 0]],
    [2, [0, 0]],
    [3, [0, 0]],
  ]);
});

test('a plain text is found whatever is in it, in one case and in both, between windows too', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  const odd = 'a.b*c(d)[e]{f}|g/h^i$j\\k-l?m+n';
  const filler = 'nothing to be seen here\n'.repeat(100_000);
  await writeFile(file, `${filler}x ${odd} y\n${filler}ÄÖÜ ΣΑΣ\n${filler}nee\0dle\n${filler}last`);
  const lines = async (text: string, matchCase = false): Promise<string[]> => {
    const { hits, end, size } = await searchLog(file, { text, matchCase });
    expect(end).toBe(size);
    return hits.map((hit) => hit.text);
  };
  expect(await lines(odd)).toEqual([`x ${odd} y`]);
  expect(await lines(odd.toUpperCase())).toEqual([`x ${odd} y`]);
  expect(await lines(odd.toUpperCase(), true)).toEqual([]);
  expect(await lines('äöü')).toEqual(['ÄÖÜ ΣΑΣ']);
  expect(await lines('σας')).toEqual(['ÄÖÜ ΣΑΣ']);
  expect(await lines('needle')).toEqual(['needle']);
  expect(await lines('LAST')).toEqual(['last']);
  const found = await searchLog(file, { text: 'here' }, { start: 24 * 99_999, limit: 1 });
  expect(found.hits).toEqual([{ offset: 24 * 99_999, text: 'nothing to be seen here', match: [19, 23] }]);
});
