import { appendFile, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@tunasync/test-utils';
import { LogFollower, markRunLogFailed } from '../src/index.js';

test('gives what was written since the last time, also after the log was marked as failed', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'one\ntwo\n');
  const follower = new LogFollower(file, 4);
  expect(await follower.read()).toEqual({ text: 'two\n', start: 4, end: 8, size: 8 });
  expect(await follower.read()).toEqual({ text: '', start: 8, end: 8, size: 8 });
  await appendFile(file, 'three\n');
  await markRunLogFailed(file);
  expect(await follower.read()).toEqual({ text: 'three\n', start: 8, end: 14, size: 14 });
  await appendFile(`${file}.fail`, 'four\n');
  expect(await follower.read()).toMatchObject({ text: 'four\n' });
});

test('gives at most 1 MiB at a time', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'x'.repeat(1_500_000));
  const follower = new LogFollower(file);
  expect(await follower.read()).toMatchObject({ end: 1_048_576, size: 1_500_000 });
  expect(await follower.read()).toMatchObject({ start: 1_048_576, end: 1_500_000 });
});

test('begins again, and says so, when the log became shorter or is another file', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'a long first log\n');
  const follower = new LogFollower(file);
  await follower.read();
  await truncate(file);
  await appendFile(file, 'short\n');
  expect(await follower.read()).toEqual({
    text: 'short\n',
    start: 0,
    end: 6,
    size: 6,
    restarted: 'truncated',
  });
  expect(await follower.read()).toEqual({ text: '', start: 6, end: 6, size: 6 });
  const other = join(folder.path, 'other');
  await writeFile(other, 'another file\n');
  await rename(other, file);
  expect(await follower.read()).toMatchObject({ text: 'another file\n', start: 0, restarted: 'replaced' });
});

test('a log that is gone is no error, one that cannot be read is', async () => {
  await using folder = await tempDir();
  const file = join(folder.path, 'a.log');
  await writeFile(file, 'one\n');
  const follower = new LogFollower(file);
  await follower.read();
  await rm(file);
  expect(await follower.read()).toBeUndefined();
  await mkdir(file);
  await expect(follower.read()).rejects.toMatchObject({
    code: 'RUN_LOG_READ_FAILED',
    message: expect.stringContaining(`cannot read ${file}: `),
  });
});
