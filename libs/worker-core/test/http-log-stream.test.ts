import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { jobOf, jobServer } from './support/job-server.js';
import { openFiles } from './support/open-files.js';

const first = 'debian_2026-11-24_03_04.log';
const second = 'debian_2026-11-24_05_00.log';
const path = '/jobs/debian/log/stream';
const began = (log: string, reason: string, from = 0): string =>
  `event: log | data: ${JSON.stringify({ log, from, reason })}`;

test('a stream sends the last lines first, then new ones, then the log of the next attempt', async () => {
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

test('a stream continues after the last event that the reader had', async () => {
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
  // a log that has been pruned
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

test('a stream reports that the log was shortened, replaced or deleted, and waits for a first one', async () => {
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

test('a slow reader costs no memory, and learns how much it missed', async () => {
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

test('a stream ends when the mirror is removed, and when the worker stops', async () => {
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

test('a HEAD request gets headers and nothing else', async () => {
  await using api = await jobServer();
  expect(await api.get(path, {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
});

test('a stream begins where the request says, and after a loss where the reader was', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, `${first}.fail`), 'one\ntwo\n');
  await writeFile(join(api.dir, second), 'three\n');
  for (const name of [first, `${first}.fail`]) {
    using stream = await api.follow(`${path}?from=${name}:4`);
    await stream.until('data: three');
    expect(stream.events()).toEqual([
      began(first, 'resume', 4),
      'data: two',
      began(second, 'next'),
      'data: three',
    ]);
  }
  using again = await api.follow(`${path}?from=${first}:0`, { 'last-event-id': `${second}:0` });
  await again.until('data: three');
  expect(again.events()).toEqual([began(second, 'resume'), 'data: three']);
  for (const from of ['x', ':1', 'x:', 'x:-1', 'x:1e3']) {
    const answer = await api.get(`${path}?from=${from}`);
    expect([answer.status, answer.json()]).toEqual([400, { msg: 'from: expected <log>:<offset>' }]);
  }
});

test('a Last-Event-ID of a browser is read as UTF-8', async () => {
  await using api = await jobServer([]);
  api.jobs.push(jobOf('镜像', api.dir));
  const log = '镜像_2026-11-24_03_04.log';
  await writeFile(join(api.dir, log), 'one\ntwo\n');
  const header = Buffer.from(`${log}:4`).toString('latin1');
  using stream = await api.follow(`/jobs/${encodeURIComponent('镜像')}/log/stream`, {
    'last-event-id': header,
  });
  await stream.until('data: two');
  expect(stream.events()).toEqual([began(log, 'resume', 4), 'data: two']);
});

test('a stream does not return to an older log when the newest is deleted', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, first), 'old\n');
  await writeFile(join(api.dir, second), 'new\n');
  using stream = await api.follow(path);
  await stream.until('data: new');
  await rm(join(api.dir, second));
  await stream.until(`event: gone | data: {"log":"${second}"}`);
  // more checks of the folder than it needs
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const third = 'debian_2026-11-24_06_00.log';
  await writeFile(join(api.dir, third), 'third\n');
  await stream.until('data: third');
  expect(stream.events().slice(2)).toEqual([
    `event: gone | data: {"log":"${second}"}`,
    began(third, 'next'),
    'data: third',
  ]);
});

test('a stream follows the log that is being written even if its name is older after a change of the clock', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, second), 'before\n');
  using stream = await api.follow(path);
  await stream.until('data: before');
  await writeFile(join(api.dir, first), 'after\n');
  const live = { file: join(api.dir, first), run: 'r', attempt: 1 };
  api.jobs.splice(0, 1, jobOf('debian', api.dir, { log: live }));
  await stream.until('data: after');
  using fresh = await api.follow(path);
  await fresh.until('data: after');
  expect(fresh.events()).toEqual([began(first, 'start'), 'data: after']);
});

test('a stream does not follow links, and does not block at a pipe', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, first), 'one\n');
  await symlink('/etc/passwd', join(api.dir, second));
  await promisify(execFile)('mkfifo', [join(api.dir, 'debian_2026-11-24_06_00.log')]);
  using stream = await api.follow(path);
  await stream.until('data: one');
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(stream.events()).toEqual([began(first, 'start'), 'data: one']);
});

test('a stream skips the part that was cut out of the middle, whatever its size', async () => {
  await using api = await jobServer();
  const file = join(api.dir, first);
  await writeFile(file, 'one\n[... left out ...]\n');
  await truncate(file, 2 ** 40);
  await appendFile(file, 'end\n');
  using stream = await api.follow(`${path}?from=${first}:0`);
  await stream.until('data: end');
  expect(stream.events()).toEqual([
    began(first, 'resume'),
    'data: one',
    'data: [... left out ...]',
    'data: end',
  ]);
  // a reader whose position was cut out while it was away
  using late = await api.follow(path, { 'last-event-id': `${first}:1000` });
  await late.until('data: end');
  expect(late.events()).toEqual([
    began(first, 'resume', 1000),
    `event: lag | data: {"log":"${first}","bytes":${2 ** 40 - 1000}}`,
    'data: end',
  ]);
});

test('a stream splits long lines between characters, and sends no update that was overwritten', async () => {
  await using api = await jobServer();
  const file = join(api.dir, first);
  const long = '镜像'.repeat(60_000);
  const updates = Array.from({ length: 100_000 }, (_, n) => `${n}%`).join('\r');
  await writeFile(file, `${long}\n${updates}\nbad \xff\n`);
  await appendFile(file, Buffer.from([0xff, 0xfe, 10]));
  using stream = await api.follow(`${path}?from=${first}:0`);
  await stream.until('data: \ufffd\ufffd');
  const lines = stream.events().flatMap((event) => (/^data: (.*)/.exec(event) ?? []).slice(1));
  const end = lines.indexOf('99999%');
  expect(lines.slice(0, end).join('')).toBe(long);
  expect(lines.slice(end)).toEqual(['99999%', 'bad \xff', '\ufffd\ufffd']);
});

test('a stream of millions of empty lines costs no memory when its reader does not read', async () => {
  await using api = await jobServer();
  await writeFile(join(api.dir, first), '\n'.repeat(4_000_000));
  const incoming = await Promise.all(Array.from({ length: 20 }, () => api.open(`${path}?from=${first}:0`)));
  const before = process.memoryUsage().rss;
  await Promise.all(incoming.map((stream) => once(stream, 'readable')));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  for (const stream of incoming) stream.destroy();
});

test('a reader that disconnects at any time leaves no file open', async () => {
  await using api = await jobServer();
  const file = join(api.dir, first);
  await writeFile(file, 'line of a log\n'.repeat(300_000));
  const { port } = api.server.address ?? {};
  const paths = [
    path,
    `${path}?from=${first}:0`,
    `/jobs/debian/logs/${first}`,
    `/jobs/debian/logs/${first}?tail=9999`,
  ];
  for (let n = 0; n < 200; n++) {
    const asked = request({ host: '127.0.0.1', port, path: paths[n % paths.length], agent: false });
    asked.on('error', () => undefined).end();
    if (n % 3 === 1) await once(asked, 'response');
    if (n % 3 === 2) await new Promise((resolve) => setTimeout(resolve, n % 7));
    asked.destroy();
  }
  await waitFor('all files to be closed', () => !openFiles().includes(file));
  using stream = await api.follow(path);
  await stream.until('data: line of a log');
});
