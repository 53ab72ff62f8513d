import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { canMount, tempDir, tmpfsMount, waitFor } from '@tunasync/test-utils';
import { RE2JS } from 're2js';
import {
  fallocatePunchHole,
  LogFollower,
  LogTrimmer,
  pruneRunLogs,
  readLogRange,
  readLogTail,
  RunLogError,
  scanLog,
  type LogTrimmerOptions,
} from '../src/index.js';

const punchHole = fallocatePunchHole(process.env);
const limit = 64 * 1024;
const withMounts = canMount() ? test : test.skip;

/** Lines `line 0000000 …` of 32 bytes each. */
const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `line ${String(from + i).padStart(7, '0')} ${'x'.repeat(18)}`);
const text = (from: number, to: number): string => lines(from, to).join('\n') + '\n';

const trimmerOf = (file: string, fields: Partial<LogTrimmerOptions> = {}): LogTrimmer =>
  new LogTrimmer({ file, maxSize: limit, punchHole, ...fields });

/** The parts of a log that was cut: its beginning, the notice, lines out of the middle, its end. */
async function parts(file: string): Promise<{ head: string; leftOut: number; kept: string[]; tail: string }> {
  const content = await readFile(file, 'utf8');
  const [, head = '', bytes, except, rest = ''] =
    /^([^]*?)\n\[\.\.\. log_max_size: (\d+) bytes were left out here(, except:)? \.\.\.\]\n([^]*)$/.exec(
      content,
    ) ?? [];
  const from = except === undefined ? 0 : rest.search(/^line \d+ x/m);
  return {
    head,
    leftOut: Number(bytes),
    kept: rest.slice(0, from).split('\n').slice(0, -1),
    tail: rest.slice(from),
  };
}

describe('a log without a writer', () => {
  test('stays below its limit when the lines to keep are many and short', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const trimmer = trimmerOf(file, { keep: [RE2JS.compile('^E$')] });
    // each part has more lines to keep than there is room for
    for (let part = 0; part < 3; part++) {
      const log = await open(file, 'a');
      await log.writeFile('E\n'.repeat(100_000));
      await log.close();
      await trimmer.trim();
    }
    expect(await trimmer.finish()).toBe(true);
    expect((await stat(file)).size).toBeLessThanOrEqual(limit);
  });

  test('is cut out of the middle, between lines, with the number of bytes that are gone', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const whole = text(0, 10_000);
    await writeFile(file, whole);
    await chmod(file, 0o640);
    expect(await trimmerOf(file).finish()).toBe(true);
    const { head, leftOut, kept, tail } = await parts(file);
    expect(whole.startsWith(head)).toBe(true);
    expect(head).toHaveLength(limit / 4);
    expect(whole.endsWith(tail)).toBe(true);
    expect(tail).toMatch(/^line \d{7} x/);
    expect(kept).toEqual([]);
    expect(leftOut).toBe(whole.length - head.length - tail.length);
    const { size, mode } = await stat(file);
    expect(size).toBeLessThanOrEqual(limit);
    expect(size).toBeGreaterThan(limit * 0.8);
    expect(mode & 0o777).toBe(0o640);
    expect(await readdir(folder.path)).toEqual(['a.log']);
    // once is enough
    expect(await trimmerOf(file).finish()).toBe(false);
  });

  test('stays unchanged when it is not too large', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const whole = text(0, limit / 32);
    await writeFile(file, whole);
    const broken = trimmerOf(file, { punchHole: () => Promise.reject(new RangeError('not to be called')) });
    expect(await broken.trim()).toBe(limit);
    expect(await broken.finish()).toBe(false);
    expect(await readFile(file, 'utf8')).toBe(whole);
  });

  test('keeps the lines that decide about the attempt, the last ones of each pattern', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const many = Array.from({ length: 3000 }, (_, i) => `size so far: ${i}`);
    await writeFile(
      file,
      `${text(0, 2000)}FAILED: one\n${many.join('\n')}\n${text(2000, 4000)}FAILED: two\n${text(4000, 8000)}`,
    );
    const failed = RE2JS.compile('(?m)^FAILED');
    const size = RE2JS.compile('size so far: (\\d+)');
    await trimmerOf(file, { keep: [failed, size] }).finish();
    expect(await scanLog(file, failed)).toMatchObject({ matches: 2 });
    expect(await scanLog(file, size)).toMatchObject({ lastGroup: '2999' });
    const { kept } = await parts(file);
    expect([kept[0], kept.at(-2), kept.at(-1)]).toEqual(['FAILED: one', 'size so far: 2999', 'FAILED: two']);
    expect((await stat(file)).size).toBeLessThanOrEqual(limit);
  });

  test.each([
    ['without a line end', 'x'.repeat(200_000)],
    ['of long characters without a line end', '镜'.repeat(70_000)],
  ])('one %s is cut between characters', async (_, whole) => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, whole);
    await trimmerOf(file).finish();
    const content = await readFile(file, 'utf8');
    expect(content).not.toContain('\ufffd');
    expect(content).toMatch(/^(.)\1+\n\[\.\.\. log_max_size: \d+ bytes were left out here \.\.\.\]\n\1+$/);
    expect((await stat(file)).size).toBeLessThanOrEqual(limit);
  });

  test('a limit below 16 KiB counts as that', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, text(0, 500));
    expect(await trimmerOf(file, { maxSize: 1 }).finish()).toBe(false);
    await writeFile(file, text(0, 1000));
    expect(await trimmerOf(file, { maxSize: 1 }).finish()).toBe(true);
    const { size } = await stat(file);
    expect(size).toBeGreaterThan(12 * 1024);
    expect(size).toBeLessThanOrEqual(16 * 1024);
  });

  withMounts('is whole when a full disk has no room for its shortened form', async () => {
    await using folder = await tempDir();
    await using _ = await tmpfsMount(folder.path, 'size=400k');
    const file = join(folder.path, 'a.log');
    const whole = text(0, 10_000);
    await writeFile(file, whole);
    await writeFile(join(folder.path, 'other'), Buffer.alloc(64 * 1024));
    await expect(trimmerOf(file).finish()).rejects.toMatchObject({
      code: 'RUN_LOG_WRITE_FAILED',
      message: expect.stringMatching(/^cannot shorten .*a\.log: .*ENOSPC/),
    });
    expect(await readFile(file, 'utf8')).toBe(whole);
    expect((await readdir(folder.path)).sort()).toEqual(['a.log', 'other']);
  });

  test('one that is gone is an error that names it', async () => {
    await expect(trimmerOf('/no/such.log').finish()).rejects.toThrow(
      /^cannot shorten \/no\/such\.log: .*ENOENT/,
    );
    await expect(trimmerOf('/no/such.log').trim()).rejects.toBeInstanceOf(RunLogError);
  });

  test('the rest of an interrupted shortening goes with the old logs, that of other mirrors stays', async () => {
    await using folder = await tempDir();
    for (const name of ['debian_2026-11-23_12_00.log', 'debian-cd_2026-11-23_12_00.log']) {
      await writeFile(join(folder.path, `.${name}.cut`), 'unfinished');
    }
    expect(await pruneRunLogs(folder.path, 'debian', 10)).toEqual([]);
    expect(await readdir(folder.path)).toEqual(['.debian-cd_2026-11-23_12_00.log.cut']);
  });
});

describe('a log that is being written', () => {
  test('loses its middle, and nothing that a real writer appends at full speed at the same time', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const log = await open(file, 'a');
    // 12.8 MB in 32-byte lines, as quickly as they can be printed, then the size
    const program = `BEGIN { for (i = 0; i < 400000; i++) printf "line %07d xxxxxxxxxxxxxxxxxx\\n", i; print "Total file size: 1.33T bytes" }`;
    const child = spawn('awk', [program], { stdio: ['ignore', log.fd, log.fd] });
    const ended = once(child, 'exit').then(() => 'ended');
    await log.close();
    const trimmer = trimmerOf(file);
    let cuts = 0;
    let largest = 0;
    let state = 'running';
    void ended.then((end) => (state = end));
    while (state === 'running') {
      await trimmer.trim();
      const { size, blocks } = await stat(file);
      if (blocks * 512 < size) cuts++;
      largest = Math.max(largest, size);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(cuts).toBeGreaterThan(0);
    await trimmer.trim();
    const before = await stat(file);
    // the offsets are those of all that was written, the blocks those of what is kept
    expect(before.size).toBe(400_000 * 32 + 29);
    expect(before.blocks * 512).toBeLessThan(3 * limit);
    // before it is a plain file again, its end can be read like that of any other
    const size = RE2JS.compile('(?m)^Total file size: ([0-9\\.]+[KMGTP]?) bytes');
    expect(await scanLog(file, size)).toEqual({ matches: 1, lastGroup: '1.33T' });
    expect((await readLogTail(file, 2)).text).toBe(
      `${lines(399_999, 400_000)[0]!}\nTotal file size: 1.33T bytes\n`,
    );

    await trimmer.finish();
    const { head, leftOut, tail } = await parts(file);
    expect(head).toBe(text(0, limit / 4 / 32));
    const first = Number(/^line (\d+)/.exec(tail)![1]);
    expect(tail).toBe(`${text(first, 400_000)}Total file size: 1.33T bytes\n`);
    expect(leftOut).toBe(400_000 * 32 + 29 - head.length - tail.length);
    expect((await stat(file)).size).toBeLessThanOrEqual(limit);
    expect(await scanLog(file, size)).toEqual({ matches: 1, lastGroup: '1.33T' });
  }, 30_000);

  test('a deciding line is found in it at any time, even if it was printed early', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const failed = RE2JS.compile('(?m)^FAILED: (.*)$');
    const trimmer = trimmerOf(file, { keep: [failed] });
    await writeFile(file, `${text(0, 1000)}FAILED: no such mirror\n`);
    for (let at = 1000; at < 20_000; at += 2375) {
      await writeFile(file, text(at, at + 2375), { flag: 'a' });
      await trimmer.trim();
      expect(await scanLog(file, failed, { inlineBytes: at < 10_000 ? 0 : 1e9 })).toEqual({
        matches: 1,
        lastGroup: 'no such mirror',
      });
    }
    // another process that knows nothing of it, after a crash, finds it too
    await trimmerOf(file, { keep: [failed] }).finish();
    expect((await parts(file)).kept.filter((line) => line !== '')).toContain('FAILED: no such mirror');
    expect(await scanLog(file, failed)).toMatchObject({ matches: 1 });
  }, 30_000);

  test('a log that its command empties is trimmed as a new one', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    const trimmer = trimmerOf(file);
    await writeFile(file, text(0, 10_000));
    await trimmer.trim();
    await writeFile(file, text(50_000, 54_000));
    await trimmer.trim();
    await trimmer.finish();
    const { head, tail } = await parts(file);
    expect(head).toBe(text(50_000, 50_512));
    expect(text(50_000, 54_000).endsWith(tail)).toBe(true);
  });

  test('where the file system keeps every byte, the error says so and the end is another chance', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, text(0, 10_000));
    const without = trimmerOf(file, { punchHole: fallocatePunchHole({ PATH: folder.path }) });
    await expect(without.trim()).rejects.toThrow(
      `cannot shorten ${file}: there is no program fallocate (util-linux)`,
    );
    expect(await without.finish()).toBe(true);
    const { head, tail } = await parts(file);
    expect([head.length, text(0, 10_000).endsWith(tail)]).toEqual([limit / 4, true]);
    await rm(file);
    await expect(punchHole(file, 0, 4096)).rejects.toThrow(/^cannot shorten .*No such file/);
  });

  test('reading by range passes over what is gone', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, text(0, 200_000));
    await trimmerOf(file).trim();
    const read: string[] = [];
    let calls = 0;
    for (let start = 0, size = 1; start < size; calls++) {
      const range = await readLogRange(file, { start });
      read.push(range.text);
      start = range.end;
      ({ size } = range);
    }
    const all = read.join('');
    expect(all).not.toContain('\0');
    expect(all.startsWith(text(0, 512))).toBe(true);
    expect(all.endsWith(text(199_000, 200_000))).toBe(true);
    expect(all.length).toBeLessThan(2 * limit);
    expect(calls).toBeLessThan(5);
    // more lines than are left: up to the hole and not its NULs
    const { text: tail } = await readLogTail(file, 100_000);
    expect(tail).not.toContain('\0');
    expect(tail.endsWith(text(199_000, 200_000))).toBe(true);
  });

  test('a stop does not wait for the search for lines to keep', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, text(0, 1_000_000));
    const stop = new AbortController();
    const trimmer = trimmerOf(file, { keep: [RE2JS.compile('(?i)nothing|like|this')], signal: stop.signal });
    const trimmed = trimmer.trim();
    setImmediate(() => {
      stop.abort();
    });
    expect(await trimmed).toBe(32_000_000);
    expect(await trimmer.finish()).toBe(true);
    expect((await stat(file)).size).toBeLessThanOrEqual(limit);
  });

  test('its follower learns that the shortened file took its place', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, text(0, 10_000));
    const follower = new LogFollower(file);
    const first = await waitFor('all of it', () => follower.read());
    expect([first.text.length, first.restarted]).toEqual([320_000, undefined]);
    await trimmerOf(file).finish();
    const second = await follower.read();
    expect(second).toMatchObject({ restarted: 'replaced', start: 0, text: await readFile(file, 'utf8') });
  });
});
