import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { mergeStats, parseStats, readStats } from '../src/results/rsync-stats.js';

const block = (files: string, total: string, received: string, deleted = '2 (reg: 2)'): string =>
  [
    'Number of files: 1,204,006 (reg: 1,100,005, dir: 104,001)',
    'Number of created files: 5 (reg: 5)',
    `Number of deleted files: ${deleted}`,
    `Number of regular files transferred: ${files}`,
    `Total file size: ${total} bytes`,
    `Total transferred file size: ${total} bytes`,
    'Literal data: 18.52M bytes',
    'Matched data: 0 bytes',
    'File list size: 108',
    'File list generation time: 0.001 seconds',
    'File list transfer time: 0.000 seconds',
    'Total bytes sent: 145',
    `Total bytes received: ${received}`,
    '',
    'sent 145 bytes  received 18.52M bytes  37.05M bytes/sec',
    `total size is ${total}  speedup is 1.00`,
    '',
  ].join('\n');

/** What rsync 3.0 prints. */
const oldBlock = `Number of files: 12
Number of files transferred: 5
Total file size: 18.52M bytes
Total transferred file size: 18.52M bytes
Literal data: 18.52M bytes
Matched data: 0 bytes
File list size: 108
Total bytes sent: 145
Total bytes received: 18.53M

`;

describe('parseStats', () => {
  test('reads what rsync prints', () => {
    expect(parseStats(block('1,003', '1.33T', '18.53M'), 1000)).toEqual({
      bytesTransferred: 18_530_000,
      files: 1003,
      deletions: 2,
      totalBytes: 1_330_000_000_000,
    });
  });

  test('reads exact numbers where there are some', () => {
    const text = block('0', '1,330,123,456,789', '7', '0');
    expect(parseStats(text, 1000)).toEqual({
      bytesTransferred: 7,
      files: 0,
      deletions: 0,
      totalBytes: 1_330_123_456_789,
    });
  });

  test('an rsync that counts no deletions tells none', () => {
    expect(parseStats(oldBlock, 1000)).toEqual({
      bytesTransferred: 18_530_000,
      files: 5,
      totalBytes: 18_520_000,
    });
  });

  test('a file of that name is no statistics', () => {
    expect(parseStats('Number of files: 3\nother/name\n', 1000)).toBeUndefined();
  });
});

describe('readStats', () => {
  const read = async (log: string, all: boolean, signal?: AbortSignal) => {
    await using folder = await tempDir();
    const logFile = join(folder.path, 'x.log');
    await writeFile(logFile, log);
    return await readStats({ logDir: folder.path, logFile, ...(signal && { signal }) }, { base: 1000, all });
  };

  test('finds those of all rsyncs, in a log of any size, and in between files of strange names', async () => {
    // the first block lies across the end of the first megabyte
    const names = 'n'.repeat(62) + '\n';
    const before = names.repeat(16_644);
    expect(before.length).toBeLessThan(2 ** 20);
    expect(before.length).toBeGreaterThan(2 ** 20 - 20);
    const log = `${before}\n${block('1', '1', '11')}\nNumber of files: 7\n${names.repeat(40_000)}\n${block('2', '2', '22')}`;
    expect((await read(log, true)).map(({ files }) => files)).toEqual([1, 2]);
    expect((await read(log, false)).map(({ files }) => files)).toEqual([2]);
  });

  test('finds none when none is there, the log is not, or the run is being stopped', async () => {
    expect(await read('hello\n', true)).toEqual([]);
    expect(await read('', false)).toEqual([]);
    expect(await read(`\n${block('1', '1', '1')}`, true, AbortSignal.abort())).toEqual([]);
    const gone = { logDir: '/nonexistent', logFile: '/nonexistent/x' };
    expect(await readStats(gone, { base: 1000 })).toEqual([]);
  });
});

describe('mergeStats', () => {
  const first = { bytesTransferred: 10, files: 1, deletions: 0, totalBytes: 100 };
  const second = { bytesTransferred: 5, files: 2, deletions: 3, totalBytes: 120 };

  test('adds what was done, and takes the size from the last', () => {
    expect(mergeStats([first, second], true)).toEqual({
      bytesTransferred: 15,
      files: 3,
      deletions: 3,
      totalBytes: 120,
    });
  });

  test('tells no size when the last is missing, and no sum of what is not known of each', () => {
    expect(mergeStats([first], false)).toEqual({ bytesTransferred: 10, files: 1, deletions: 0 });
    expect(mergeStats([{ bytesTransferred: 1, files: 1, totalBytes: 1 }, second], true)).toEqual({
      bytesTransferred: 6,
      files: 3,
      totalBytes: 120,
    });
    expect(mergeStats([], true)).toEqual({});
  });
});
