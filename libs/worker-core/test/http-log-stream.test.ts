import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { jobServer } from './support/job-server.js';

const first = 'debian_2026-11-24_03_04.log';
const second = 'debian_2026-11-24_05_00.log';
const path = '/jobs/debian/log/stream';
const began = (log: string, reason: string, from = 0): string =>
  `event: log | data: ${JSON.stringify({ log, from, reason })}`;

test('the last lines come first, then what is written, and then the log of the next attempt', async () => {
  await using api = await jobServer();
  const file = join(api.dir, first);
  await writeFile(file, 'one\ntwo\nthree\n');
  using stream = await api.follow(`${path}?tail=2`);
  expect(stream.incoming.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  await stream.until('data: three');
  await appendFile(file, '10%\r20%\r');
  await stream.until('event: update | data: 20%');
  await appendFile(file, '100%\r\n镜像\nno line end');
  await stream.until('event: update | data: no line end');
  await rename(file, `${file}.fail`);
  await appendFile(`${file}.fail`, '!');
  await writeFile(join(api.dir, second), 'again\n');
  await stream.until('data: again');
  expect(stream.events().filter((event) => !event.startsWith('event: update'))).toEqual([
    began(first, 'start', 4),
    'data: two',
    'data: three',
    'data: 100%',
    'data: 镜像',
    'data: no line end!',
    began(second, 'next'),
    'data: again',
  ]);
});

test('goes on behind the last event that the reader had', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, first), 'one\ntwo\nthree\n');
  await writeFile(join(api.dir, second), 'four\n');
  const ids = async (headers: Record<string, string>): Promise<string[]> => {
    using stream = await api.follow(path, headers);
    await stream.until('data: four');
    return stream.events();
  };
  expect(await ids({ 'last-event-id': `${first}:8` })).toEqual([
    began(first, 'resume', 8),
    'data: three',
    began(second, 'next'),
    'data: four',
  ]);
  // a log that was pruned meanwhile
  expect(await ids({ 'last-event-id': 'debian_2026-11-20_00_00.log:8' })).toEqual([
    'event: lag | data: {"log":"debian_2026-11-20_00_00.log"}',
    began(second, 'start'),
    'data: four',
  ]);
  expect(await ids({ 'last-event-id': '../../etc/passwd:0' })).toEqual([
    'event: lag | data: {"log":"../../etc/passwd"}',
    began(second, 'start'),
    'data: four',
  ]);
  expect(await ids({ 'last-event-id': 'junk' })).toEqual([began(second, 'start'), 'data: four']);
});

test('says when the log is shortened, replaced or deleted, and waits for one where there is none', async () => {
  await using api = await jobServer();
  using stream = await api.follow(path);
  const file = join(api.dir, first);
  await writeFile(file, 'one\ntwo\n');
  await stream.until('data: two');
  await writeFile(file, 'x\n');
  await stream.until('data: x');
  await writeFile(join(api.dir, 'other'), 'y\n');
  await rename(join(api.dir, 'other'), file);
  await stream.until('data: y');
  await rm(file);
  await stream.until(`event: gone | data: {"log":"${first}"}`);
  await writeFile(join(api.dir, second), 'next\n');
  await stream.until('data: next');
  expect(stream.events()).toEqual([
    began(first, 'start'),
    'data: one',
    'data: two',
    began(first, 'truncated'),
    'data: x',
    began(first, 'replaced'),
    'data: y',
    `event: gone | data: {"log":"${first}"}`,
    began(second, 'next'),
    'data: next',
  ]);
});

test('a slow reader costs no memory, and is told how much it missed', async () => {
  await using api = await jobServer();
  const file = join(api.dir, first);
  await writeFile(file, 'begin\n');
  using stream = await api.follow(path);
  await stream.until('data: begin');
  stream.incoming.pause();
  const line = `${'x'.repeat(99)}\n`;
  for (let part = 0; part < 40; part++) await appendFile(file, line.repeat(10_000));
  stream.incoming.resume();
  await appendFile(file, 'end\n');
  await waitFor('the end', () => stream.text().includes('data: end\n'), 8000);
  const events = stream.events();
  const lags = events.filter((event) => event.startsWith('event: lag'));
  expect(lags.length).toBeGreaterThan(0);
  const missed = lags.map((lag) => (JSON.parse(lag.split('data: ')[1] ?? '') as { bytes: number }).bytes);
  const total = missed.reduce((sum, bytes) => sum + bytes, 0);
  expect(total).toBeGreaterThan(10_000_000);
  expect(stream.text().length).toBeLessThan(30_000_000);
  // whole lines only
  expect(new Set(events.filter((event) => !event.startsWith('event: ')))).toEqual(
    new Set(['data: begin', `data: ${line.trim()}`, 'data: end']),
  );
}, 20_000);

test('ends when the mirror is taken off, and when the worker stops', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, first), 'one\n');
  using removed = await api.follow(path);
  await removed.until('data: one');
  const [job] = api.jobs.splice(0);
  await removed.ended;
  expect(removed.events().at(-1)).toBe(
    'event: end | data: {"reason":"the mirror is not configured any more"}',
  );
  if (job !== undefined) api.jobs.push(job);
  using stopped = await api.follow(path);
  await stopped.until('data: one');
  await api.server.stop();
  await stopped.ended;
  expect(stopped.events().at(-1)).toBe('event: end | data: {"reason":"the worker stops"}');
});

test('HEAD is answered and followed by nothing', async () => {
  await using api = await jobServer();
  expect(await api.get(path, {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
});
