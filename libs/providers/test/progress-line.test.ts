import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { Rate, Remaining } from '../src/progress/estimate.js';
import { LogTail } from '../src/progress/log-tail.js';
import { lastProgressLine } from '../src/progress/progress-line.js';

// what rsync 3.5.0 printed when it was asked
const asked = 'f3\n\r          7.41M  40%    6.16MB/s    0:00:01 (xfr#3, to-chk=2/6)\nf4\n';

describe('lastProgressLine', () => {
  test.each<[string, string, object | undefined]>([
    ['an answer', asked, { files: 3, checked: 4, total: 6 }],
    [
      'an unknown length of the list',
      '\r 1,234  1%  6.16kB/s    0:00:01 (xfr#3, ir-chk=1002/2006)\n',
      { files: 3, checked: 1004 },
    ],
    [
      'rsync 3.0',
      '\r     1234 100%   6.16kB/s    0:00:01 (xfer#7, to-check=2/10)\n',
      { files: 7, checked: 8, total: 10 },
    ],
    [
      '--info=progress2, which writes over its line',
      '\r   1.00M  10%    1.50MB/s    0:00:09 (xfr#1, to-chk=9/10)  \r   2.00M  20%    2.00MB/s    0:00:08 (xfr#2, to-chk=8/10)\r',
      { files: 2, checked: 2, total: 10, bytes: 2_000_000, rate: 2 * 2 ** 20 },
    ],
    [
      '--progress, whose bytes are those of one file',
      'a\n\r    32.77K   0%    0.00kB/s    0:00:00  \r    10.00M 100%    9.00MB/s    0:00:01 (xfr#1, to-chk=0/2)\n',
      { files: 1, checked: 2, total: 2 },
    ],
    [
      'an unknown time',
      '\r   1.00M   1%    0.00kB/s  ??:??:?? (xfr#1, to-chk=0/2)\n',
      { files: 1, checked: 2, total: 2 },
    ],
    ['a line that is not complete', '\r   1.00M   1%    0.00kB/s   0:00:01 (xfr#1, to-chk=0/2', undefined],
    ['one that may be going on', '\r   1.00M   1%    0.00kB/s   0:00:01 (xfr#1, to-chk=0/2)', undefined],
    ['a file of that name', 'x\n   1.00M   1%    0.00kB/s   0:00:01 (xfr#1, to-chk=0/2)\n', undefined],
    ['nothing', 'f1\nf2\n', undefined],
  ])('of %s', (_what, text, line) => {
    expect(lastProgressLine(text)).toEqual(line);
  });
});

describe('LogTail', () => {
  test('finds a line once, however much is written behind it, and none of what was there before', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'x.log');
    await writeFile(file, asked);
    const tail = new LogTail(file);
    expect(await tail.look()).toBeUndefined();
    tail.expectAnswer();
    expect(await tail.look()).toBeUndefined();
    await appendFile(file, 'n\n'.repeat(8_000) + asked + 'n\n'.repeat(500_000));
    const looks = [await tail.look(), await tail.look(), await tail.look(), await tail.look()];
    expect(looks.filter((line) => line !== undefined)).toEqual([{ files: 3, checked: 4, total: 6 }]);
    expect(tail.expecting).toBe(false);
    // without having been asked for
    await appendFile(file, asked.replace('#3', '#4'));
    expect(await tail.look()).toMatchObject({ files: 4 });
    expect(await tail.look()).toBeUndefined();
  });

  test('gives up an answer that does not come', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'x.log');
    await writeFile(file, '');
    const tail = new LogTail(file);
    await tail.look();
    tail.expectAnswer();
    await appendFile(file, 'n\n'.repeat(100_000));
    for (let look = 0; look < 20; look++) expect(await tail.look()).toBeUndefined();
    expect(tail.expecting).toBe(false);
  });

  test('goes on when the log was made shorter, or is not there', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'x.log');
    const tail = new LogTail(file);
    expect(await tail.look()).toBeUndefined();
    await writeFile(file, 'x\n'.repeat(5000));
    await tail.look();
    await truncate(file, 0);
    await writeFile(file, asked);
    expect(await tail.look()).toMatchObject({ files: 3 });
  });
});

describe('Rate', () => {
  test('is known from two moments on, and follows slowly', () => {
    const rate = new Rate();
    expect(rate.take(0, 5000)).toBeUndefined();
    expect(rate.take(1000, 6000)).toBe(1000);
    const next = rate.take(2000, 16_000)!;
    expect(next).toBeGreaterThan(1500);
    expect(next).toBeLessThan(2500);
    for (let second = 3; second < 60; second++) rate.take(second * 1000, 16_000);
    expect(rate.take(60_000, 16_000)).toBeLessThan(20);
  });

  test('bears a clock that is set back', () => {
    const rate = new Rate();
    rate.take(10_000, 0);
    expect(rate.take(11_000, 500)).toBe(500);
    expect(rate.take(5000, 1000)).toBe(500);
    expect(rate.take(6000, 1500)).toBe(500);
  });
});

describe('Remaining', () => {
  test('goes by the pace, and counts down in between', () => {
    const remaining = new Remaining();
    expect(remaining.seconds(0)).toBeUndefined();
    remaining.take(0, 0.1);
    expect(remaining.seconds(1000)).toBeUndefined();
    remaining.take(10_000, 0.2);
    expect(remaining.seconds(10_000)).toBeCloseTo(80);
    expect(remaining.seconds(15_000)).toBeCloseTo(75);
    expect(remaining.seconds(500_000)).toBe(0);
  });

  test('goes by the last three minutes', () => {
    const remaining = new Remaining();
    remaining.take(0, 0);
    for (let i = 1; i <= 40; i++) remaining.take(1_000_000 + i * 10_000, i / 100);
    expect(remaining.seconds(1_400_000)).toBeCloseTo(600);
  });

  test('knows nothing of what does not move, and begins anew when the list grew', () => {
    const remaining = new Remaining();
    remaining.take(0, 0.5);
    remaining.take(60_000, 0.5);
    expect(remaining.seconds(60_000)).toBeUndefined();
    remaining.take(70_000, 0.3);
    expect(remaining.seconds(70_000)).toBeUndefined();
    remaining.take(80_000, 0.4);
    expect(remaining.seconds(80_000)).toBeCloseTo(60);
  });
});
