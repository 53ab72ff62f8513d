import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { longestName, workerExtensionRoutes } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { jobOf, jobServer } from './support/job-server.js';
import { openFiles } from './support/open-files.js';

const log = 'debian_2026-11-24_03_04.log';
const url = (path: string): string => `/jobs/debian/logs/${path}`;

describe('jobs', () => {
  test('are listed with state, schedule, progress and the reason for waiting, but without passwords', async () => {
    await using api = await jobServer([
      jobOf('debian', '/nowhere', { state: 'running', attempt: 2, progress: { percent: 12.5, eta: 60 } }),
      jobOf('c++', '/nowhere', {
        state: 'queued',
        nextDue: 0,
        waits: { for: 'disk', path: '/srv', free: 5, needed: 10, until: 1_700_000_000_500 },
        schedule: { kind: 'cron', expression: '0 3 * * *', timezone: 'UTC' },
      }),
    ]);
    const { status, headers, json, text } = await api.get('/jobs?x=1');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(workerExtensionRoutes.listWorkerJobs.reply.parse(json())).toEqual(json());
    expect(json()).toMatchObject([
      {
        name: 'debian',
        worker: 'w1',
        status: 'success',
        state: 'running',
        attempt: 2,
        progress: { percent: 12.5, eta: 60 },
        last_update: '2023-11-14T22:13:20Z',
        next_schedule: '2023-11-14T23:13:20Z',
        upstream: 'rsync://user@upstream.example/debian/',
        stale_after: 10_800,
        schedule: { kind: 'interval', minutes: 60 },
      },
      {
        name: 'c++',
        state: 'queued',
        next_schedule: '0001-01-01T00:00:00Z',
        waits: { for: 'disk', until: 1_700_000_001, detail: '/srv: 5 bytes free, 10 needed' },
        schedule: { kind: 'cron', expression: '0 3 * * *', timezone: 'UTC' },
      },
    ]);
    expect(text).not.toMatch(/secret|nowhere/);
  });
});

describe('the list of logs', () => {
  test('has the logs of the mirror and of no other, newest first', async () => {
    await using api = await jobServer();
    const changed = new Date('2026-11-24T03:10:00Z');
    for (const name of [
      log,
      'debian_2026-11-24_05_04.log.fail',
      'debian-cd_2026-11-24_05_04.log',
      'x.conf',
    ]) {
      await writeFile(join(api.dir, name), 'four');
      await utimes(join(api.dir, name), changed, changed);
    }
    const { json, status } = await api.get('/jobs/debian/logs');
    expect(status).toBe(200);
    expect(workerExtensionRoutes.listLogs.reply.parse(json())).toEqual(json());
    const started = (hour: number): string =>
      new Date(2026, 10, 24, hour, 4).toISOString().replace('.000', '');
    expect(json()).toEqual({
      logs: [
        {
          name: 'debian_2026-11-24_05_04.log.fail',
          size: 4,
          started: started(5),
          time: '2026-11-24T03:10:00Z',
          failed: true,
        },
        { name: log, size: 4, started: started(3), time: '2026-11-24T03:10:00Z', failed: false },
      ],
    });
  });

  test('marks the log that is being written, with its attempt, even if it was renamed', async () => {
    await using api = await jobServer();
    for (const name of [log, 'debian_2026-11-24_05_04.log']) await writeFile(join(api.dir, name), '');
    const live = { file: join(api.dir, log), run: 'r1', attempt: 2 };
    api.jobs.splice(0, 1, jobOf('debian', api.dir, { log: live }));
    const { logs } = (await api.get('/jobs/debian/logs')).json() as { logs: Record<string, unknown>[] };
    expect(logs.map(({ name, live, run, attempt }) => [name, live, run, attempt])).toEqual([
      ['debian_2026-11-24_05_04.log', undefined, undefined, undefined],
      [log, true, 'r1', 2],
    ]);
  });

  test('is empty for a mirror without a folder, and not found for an unknown mirror', async () => {
    await using api = await jobServer([jobOf('new', '/no/such/folder')]);
    expect((await api.get('/jobs/new/logs')).json()).toEqual({ logs: [] });
    for (const path of [
      '/jobs/nope/logs',
      '/jobs/nope/log/stream',
      '/jobs/..%2Fnew/logs',
      '/jobs/%00/logs',
    ]) {
      expect([path, (await api.get(path)).status]).toEqual([path, 404]);
    }
    expect((await api.get('/jobs/nope/logs')).json()).toEqual({ msg: "Mirror ``nope'' not found" });
    expect((await api.get('/jobs/%ff/logs')).json()).toEqual({
      msg: 'the path is not percent-encoded UTF-8',
    });
  });
});

describe('a log', () => {
  const text = 'first 行\nsecond\nthird\n';
  const size = Buffer.byteLength(text);

  test('can be read as a whole, by range and from its end', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), text);
    expect(await api.get(url(log))).toMatchObject({
      status: 200,
      text,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'content-length': String(size),
        'x-log-size': String(size),
      },
    });
    expect(await api.get(url(log), { range: 'bytes=10-15' })).toMatchObject({
      status: 206,
      text: 'second',
      headers: { 'content-range': `bytes 10-15/${size}`, 'x-log-start': '10', 'x-log-end': '16' },
    });
    expect(await api.get(url(log), { range: 'bytes=-6' })).toMatchObject({ status: 206, text: 'third\n' });
    expect(await api.get(url(log), { range: 'bytes=17-999' })).toMatchObject({
      status: 206,
      text: 'third\n',
    });
    expect(await api.get(url(`${log}?from=10&to=16`))).toMatchObject({ status: 200, text: 'second' });
    expect(await api.get(url(`${log}?from=${size}`))).toMatchObject({ status: 200, text: '' });
    expect(await api.get(url(`${log}?tail=2`))).toMatchObject({
      status: 200,
      text: 'second\nthird\n',
      headers: { 'x-log-start': '10', 'x-log-end': String(size) },
    });
    expect(await api.get(url(log), {}, 'HEAD')).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': String(size) },
    });
  });

  test.each(['bytes=x', 'bytes=5-2', 'lines=1-2', 'bytes=0-1,3-4', 'bytes=-'])(
    'with Range: %s is sent as a whole, as RFC 9110 demands',
    async (range) => {
      await using api = await jobServer();
      await writeFile(join(api.dir, log), text);
      expect(await api.get(url(log), { range })).toMatchObject({ status: 200, text });
    },
  );

  test('has no bytes beyond its end', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), text);
    for (const range of [`bytes=${size}-`, 'bytes=-0']) {
      const answer = await api.get(url(log), { range });
      expect(answer).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${size}` } });
      expect(answer.json()).toEqual({ msg: `Range: the log has ${size} bytes` });
    }
    expect(await api.get(url(`${log}?from=${size + 1}`))).toMatchObject({ status: 416 });
    await writeFile(join(api.dir, log), '');
    expect(await api.get(url(log))).toMatchObject({ status: 200, text: '' });
    expect((await api.get(url(log), { range: 'bytes=0-' })).status).toBe(416);
  });

  test.each([
    ['tail=0', 'tail: expected a whole number from 1 to 10000'],
    ['tail=5&from=1', 'tail: expected either tail or from and to'],
    ['from=x', 'from: expected a whole number from 0 to 9007199254740991'],
    ['from=5&to=4', 'to: expected an offset that is not before from'],
  ])('?%s is refused', async (query, msg) => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), text);
    const answer = await api.get(url(`${log}?${query}`));
    expect([answer.status, answer.json()]).toEqual([400, { msg }]);
  });

  test('of 1 GB is read in part without being loaded, and closed when the reader disconnects', async () => {
    await using api = await jobServer();
    const file = join(api.dir, log);
    await writeFile(file, 'begin\n');
    await promisify(execFile)('fallocate', ['--length', String(2 ** 30), file]);
    await writeFile(file, 'end\n', { flag: 'a' });
    const before = process.memoryUsage().rss;
    expect((await api.get(url(log), { range: 'bytes=-4' })).text).toBe('end\n');
    const whole = await api.open(url(log));
    expect(whole.headers['content-length']).toBe(String(2 ** 30 + 4));
    await once(whole, 'readable');
    whole.destroy();
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    await waitFor('the log to be closed', () => !openFiles().includes(file));
  });

  test('is sent without the part that was cut out while it is written; ranges end before that part', async () => {
    await using api = await jobServer();
    const file = join(api.dir, log);
    await writeFile(file, 'begin\n[...]\n');
    await truncate(file, 2 ** 40);
    await writeFile(file, 'end\n', { flag: 'a' });
    const [start, end, size] = [12, 2 ** 40, 2 ** 40 + 4];
    const { logs } = (await api.get('/jobs/debian/logs')).json() as { logs: unknown[] };
    expect(logs).toMatchObject([{ size, holes: [[start, end]] }]);
    for (const method of ['GET', 'HEAD']) {
      expect(await api.get(url(log), {}, method)).toMatchObject({
        status: 200,
        text: method === 'GET' ? 'begin\n[...]\nend\n' : '',
        headers: {
          'content-length': '16',
          'accept-ranges': 'none',
          'x-log-hole': `${start}-${end}`,
          'x-log-end': String(size),
        },
      });
    }
    const part = async (path: string, headers = {}): Promise<unknown[]> => {
      const answer = await api.get(url(path), headers);
      const { 'x-log-start': from, 'x-log-end': to, 'content-range': range } = answer.headers;
      return [answer.status, answer.text, Number(from), Number(to), range];
    };
    expect(await part(`${log}?from=6`)).toEqual([200, '[...]\n', 6, start, undefined]);
    expect(await part(`${log}?from=${start}`)).toEqual([200, 'end\n', end, size, undefined]);
    expect(await part(`${log}?from=5000&to=6000`)).toEqual([200, '', end, end, undefined]);
    expect(await part(`${log}?tail=50`)).toEqual([200, 'end\n', end, size, undefined]);
    expect(await part(log, { range: 'bytes=6-' })).toEqual([206, '[...]\n', 6, start, `bytes 6-11/${size}`]);
    expect(await part(log, { range: 'bytes=500-' })).toEqual([
      206,
      'end\n',
      end,
      size,
      `bytes ${end}-${size - 1}/${size}`,
    ]);
    expect(await api.get(url(log), { range: 'bytes=500-600' })).toMatchObject({
      status: 416,
      text: expect.stringContaining('cut out'),
      headers: { 'content-range': `bytes */${size}` },
    });
    const found = (await api.get(url(`${log}/search?q=END`))).json();
    expect(found).toMatchObject({ hits: [{ offset: end, text: 'end' }], complete: true });
  });

  test('that becomes shorter while it is sent does not look complete', async () => {
    await using api = await jobServer();
    const file = join(api.dir, log);
    await writeFile(file, Buffer.alloc(32 << 20, 'x'));
    const incoming = await api.open(url(log));
    await once(incoming, 'readable');
    await truncate(file, 1000);
    const broken = new Promise<boolean>((resolve) => {
      incoming.on('error', () => {
        resolve(true);
      });
      incoming.on('end', () => {
        resolve(false);
      });
    });
    incoming.resume();
    expect(await broken).toBe(true);
    expect(incoming.complete).toBe(false);
  });

  test('waits for a slow reader', async () => {
    await using api = await jobServer(undefined, { idleMs: 200 });
    const bytes = Buffer.alloc(32 << 20, 'x');
    await writeFile(join(api.dir, log), bytes);
    const incoming = await api.open(url(log));
    await once(incoming, 'readable');
    // longer than the idle time of a connection; the buffers are full all that time
    await new Promise((resolve) => setTimeout(resolve, 900));
    let received = 0;
    for await (const chunk of incoming) received += (chunk as Buffer).length;
    expect(received).toBe(bytes.length);
  });

  test('of a mirror with the longest possible name is found', async () => {
    const name = 'm'.repeat(longestName);
    await using api = await jobServer([]);
    api.jobs.push(jobOf(name, api.dir));
    const long = `${name}_2026-11-24_03_04_12.log.fail`;
    await writeFile(join(api.dir, long), 'x');
    expect(await api.get(`/jobs/${name}/logs/${long}`)).toMatchObject({ status: 200, text: 'x' });
  });

  test('is found by the name that it had before its attempt failed', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, `${log}.fail`), text);
    for (const name of [log, `${log}.fail`]) expect((await api.get(url(name))).text).toBe(text);
  });

  test('must be in the list of logs: other files, folders and links are not sent', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, 'secret'), 'secret');
    await writeFile(join(api.dir, 'debian-cd_2026-11-24_03_04.log'), 'secret');
    await symlink(join(api.dir, 'secret'), join(api.dir, 'debian_2026-11-24_03_05.log'));
    await symlink(join(api.dir, 'secret'), join(api.dir, 'latest'));
    await mkdir(join(api.dir, 'debian_2026-11-24_03_06.log'));
    await promisify(execFile)('mkfifo', [join(api.dir, 'debian_2026-11-24_03_08.log')]);
    expect((await api.get('/jobs/debian/logs')).json()).toEqual({ logs: [] });
    for (const name of [
      'secret',
      'latest',
      '..',
      '.',
      '..%2Fsecret',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      'debian-cd_2026-11-24_03_04.log',
      'debian_2026-11-24_03_05.log',
      'debian_2026-11-24_03_06.log',
      'debian_2026-11-24_03_07.log',
      'debian_2026-11-24_03_08.log',
      'x'.repeat(255),
      '%2Fetc%2Fpasswd',
      '%00',
      `${log}%00`,
    ]) {
      for (const path of [name, `${name}?tail=5`, `${name}/search?q=s`]) {
        const answer = await api.get(url(path));
        expect([path, answer.status, answer.text.includes('"secret')]).toEqual([path, 404, false]);
        expect(answer.json()).toEqual({ msg: expect.stringMatching(/^Mirror ``debian'' has no log ``/) });
      }
    }
    for (const path of ['../secret', '../../../etc/passwd'])
      expect((await api.get(url(path))).status).toBe(404);
  });
});

describe('a search', () => {
  test('is aborted when its reader disconnects, and frees its place', async () => {
    await using api = await jobServer();
    const file = join(api.dir, log);
    await writeFile(file, 'ab'.repeat(30) + '\n');
    await writeFile(file, `${'ab'.repeat(30_000)}\n`.repeat(200));
    const slow = encodeURIComponent('(a|b|ab|.){900}c');
    for (let n = 0; n < 8; n++) {
      const asked = request({
        host: '127.0.0.1',
        port: api.server.address?.port,
        path: url(`${log}/search?regex=1&q=${slow}`),
        agent: false,
      });
      asked.on('error', () => undefined).end();
      await waitFor('the search to begin', () => openFiles().includes(file));
      asked.destroy();
      await waitFor('the search to end', () => !openFiles().includes(file));
    }
    expect((await api.get(url(`${log}/search?q=ab&limit=1`))).status).toBe(200);
  }, 20_000);

  test('finds lines with their offsets, over several requests if necessary', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), 'ok\nrsync error: (1)\n<b>ERROR</b>\n');
    const search = async (query: string): Promise<unknown> =>
      (await api.get(url(`${log}/search?${query}`))).json();
    const first = await search('q=error&limit=1');
    expect(workerExtensionRoutes.searchLog.reply.parse(first)).toEqual(first);
    expect(first).toEqual({
      hits: [{ offset: 3, text: 'rsync error: (1)', match: [6, 11] }],
      end: 20,
      size: 33,
      complete: false,
    });
    expect(await search('q=error&from=20')).toMatchObject({
      hits: [{ offset: 20, text: '<b>ERROR</b>' }],
      complete: true,
    });
    expect(await search('q=error&case=1')).toMatchObject({ hits: [{ offset: 3 }] });
    expect(await search(`q=${encodeURIComponent('(1)')}`)).toMatchObject({ hits: [{ offset: 3 }] });
    expect(await search(`q=${encodeURIComponent('^ok$|B>$')}&regex=1`)).toMatchObject({
      hits: [{ offset: 0 }, { offset: 20 }],
    });
  });

  test.each([
    ['', /^q: expected what to look for, at most 500 characters$/],
    ['q=', /^q: expected what/],
    [`q=${'x'.repeat(501)}`, /^q: expected what/],
    ['q=%28&regex=1', /^q: .*missing closing/],
    ['q=a&limit=0', /^limit: expected a whole number from 1 to 1000$/],
    ['q=a&regex=maybe', /^regex: /],
  ])('?%s is refused', async (query, message) => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), 'x');
    const answer = await api.get(url(`${log}/search?${query}`));
    expect([answer.status, answer.json()]).toEqual([400, { msg: expect.stringMatching(message) }]);
  });

  test('is refused while four are running', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), 'x\n'.repeat(5_000_000));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.get(url(`${log}/search?q=nothing`))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 503]);
    expect(answers.find(({ status }) => status === 503)?.json()).toEqual({
      msg: '4 searches are running: try again later',
    });
    expect((await api.get(url(`${log}/search?q=x&limit=1`))).status).toBe(200);
  }, 20_000);
});

test('other methods and paths are answered as before', async () => {
  await using api = await jobServer();
  expect((await api.get('/jobs', {}, 'POST')).json()).toEqual({ msg: 'Not found: POST /jobs' });
  expect((await api.get('/Jobs')).json()).toEqual({ msg: 'Not found: GET /Jobs' });
  expect((await api.get('/jobs/')).status).toBe(404);
});
