import { appendFile, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { RE2JS } from 're2js';
import { scanLog } from '../src/index.js';

const size = RE2JS.compile('(?m)^Total file size: ([0-9\\.]+[KMGTP]?) bytes');
const inThread = { inlineBytes: 0 };

describe.each([
  ['at once', {}],
  ['in a thread', inThread],
])('a small log, %s', (_, options) => {
  test('gives the number of matches and the first group of the last', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(
      file,
      'Total file size: 1.33T bytes\nx\nTotal file size: 27 bytes\n Total file size: 1 bytes',
    );
    expect(await scanLog(file, size, options)).toEqual({ matches: 2, lastGroup: '27' });
    expect(await scanLog(file, RE2JS.compile('FAILED'), options)).toEqual({
      matches: 0,
      lastGroup: undefined,
    });
    expect(await scanLog(file, RE2JS.compile('size'), options)).toEqual({ matches: 3, lastGroup: undefined });
    expect(await scanLog(file, RE2JS.compile('TOTAL', RE2JS.CASE_INSENSITIVE), options)).toMatchObject({
      matches: 3,
    });
  });

  test('bytes that are no UTF-8 are no obstacle', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x00, 0x0a, ...Buffer.from('size 镜: (12)\n'), 0xe9]));
    expect(await scanLog(file, RE2JS.compile('size 镜: \\((\\d+)'), options)).toEqual({
      matches: 1,
      lastGroup: '12',
    });
  });

  test('a missing log is an error that names it', async () => {
    await expect(scanLog('/no/such.log', size, options)).rejects.toMatchObject({
      code: 'RUN_LOG_READ_FAILED',
      message: expect.stringContaining('cannot search /no/such.log: '),
    });
  });

  test('a scan that is not wanted any more is none', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.log');
    await writeFile(file, 'x');
    await expect(scanLog(file, size, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'RUN_LOG_SCAN_ABORTED',
    });
  });
});

describe('a big log', () => {
  test('is searched across the windows, and does not block the event loop', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'big.log');
    const line = 'pool/main/a/abc/abc_1.0-1_amd64.deb 镜像\n';
    // every window border of 1 MiB falls into one of these, or into a character
    const block = `${line.repeat(100)}Total file size: 1.33T bytes\n`;
    const count = Math.ceil((8 << 20) / Buffer.byteLength(block));
    const handle = await open(file, 'w');
    for (let i = 0; i < count; i++) await handle.write(block);
    await handle.write('Total file size: 99 bytes');
    await handle.close();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const result = await scanLog(file, size);
    clearInterval(timer);
    expect(result).toEqual({ matches: count + 1, lastGroup: '99' });
    expect(turns).toBeGreaterThan(20);
  }, 60_000);

  test('of 1 GiB, most of it given back to the disk, takes neither memory nor the event loop', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'big.log');
    const gap = Buffer.alloc(1000);
    await writeFile(file, Buffer.concat([Buffer.from('Total file size: 1 bytes\n'), gap]));
    await truncate(file, 2 ** 30);
    await appendFile(file, `${'x\n'.repeat(1 << 20)}Total file size: 2 bytes\n`);
    // other users of the memory do not matter here: the limit is far from the log's size
    const before = process.memoryUsage().rss;
    let most = 0;
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
      most = Math.max(most, process.memoryUsage().rss);
    }, 1);
    const result = await scanLog(file, size);
    clearInterval(timer);
    expect(result).toEqual({ matches: 2, lastGroup: '2' });
    expect(turns).toBeGreaterThan(20);
    expect(most - before).toBeLessThan(400 * 2 ** 20);
  }, 60_000);

  test.each([511, 512, 4096, (1 << 20) - 100, 3_000_000])(
    'a hole of %i bytes: short ones are output, long ones are passed over',
    async (length) => {
      await using folder = await tempDir();
      const file = join(folder.path, 'a.log');
      await writeFile(
        file,
        Buffer.concat([Buffer.from('one\n'), Buffer.alloc(length), Buffer.from('two\n')]),
      );
      const expected = { matches: length < 512 ? 0 : 1 };
      expect(await scanLog(file, RE2JS.compile('(?m)^two$'), inThread)).toMatchObject(expected);
      expect(await scanLog(file, RE2JS.compile('(?m)^two$'), { inlineBytes: 1e9 })).toMatchObject(expected);
    },
  );

  test('the search can be given up', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'big.log');
    await writeFile(file, 'x'.repeat(16 << 20));
    const controller = new AbortController();
    const scan = scanLog(file, RE2JS.compile('(?i)error|fail'), { signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(scan).rejects.toMatchObject({ code: 'RUN_LOG_SCAN_ABORTED' });
  });

  test('a failure of the thread is reported', async () => {
    await using folder = await tempDir();
    // a folder has a size and cannot be read
    await expect(scanLog(folder.path, size, inThread)).rejects.toMatchObject({
      code: 'RUN_LOG_READ_FAILED',
      message: expect.stringMatching(/^cannot search .*EISDIR/),
    });
  });
});
