import { mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { workerExtensionRoutes } from '@tunasync/protocol';
import { jobOf, jobServer } from './support/job-server.js';

const log = 'debian_2026-11-24_03_04.log';
const url = (path: string): string => `/jobs/debian/logs/${path}`;

describe('jobs', () => {
  test('are told with state, schedule, progress and what they wait for; passwords are not', async () => {
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

  test('is empty for a mirror without a folder; a mirror that is not there is not found', async () => {
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
      msg: 'The path is not percent-encoded UTF-8',
    });
  });
});

describe('a log', () => {
  const text = 'first 行\nsecond\nthird\n';
  const size = Buffer.byteLength(text);

  test('is read as a whole, by range and by its end', async () => {
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
    'Range: %s is answered with the whole, as RFC 9110 has it',
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

  test('of 3 GB is read in part without being loaded', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), 'begin\n');
    await truncate(join(api.dir, log), 3 * 2 ** 30);
    await writeFile(join(api.dir, log), 'end\n', { flag: 'a' });
    const before = process.memoryUsage().rss;
    expect((await api.get(url(log), { range: 'bytes=-4' })).text).toBe('end\n');
    const whole = await api.open(url(log));
    expect(whole.headers['content-length']).toBe(String(3 * 2 ** 30 + 4));
    whole.destroy();
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });

  test('is found by the name that it had before its attempt failed', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, `${log}.fail`), text);
    for (const name of [log, `${log}.fail`]) expect((await api.get(url(name))).text).toBe(text);
  });

  test('is only what is in the list: no other file, no folder, no link', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, 'secret'), 'secret');
    await writeFile(join(api.dir, 'debian-cd_2026-11-24_03_04.log'), 'secret');
    await symlink(join(api.dir, 'secret'), join(api.dir, 'debian_2026-11-24_03_05.log'));
    await symlink(join(api.dir, 'secret'), join(api.dir, 'latest'));
    await mkdir(join(api.dir, 'debian_2026-11-24_03_06.log'));
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
  test('finds lines with their offsets, in as many requests as it takes', async () => {
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

  test('is refused while four are under way', async () => {
    await using api = await jobServer();
    await writeFile(join(api.dir, log), 'x');
    await truncate(join(api.dir, log), 2 ** 31);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.get(url(`${log}/search?q=nothing`))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 503]);
    expect(answers.find(({ status }) => status === 503)?.json()).toEqual({
      msg: '4 searches are under way: try again later',
    });
    expect((await api.get(url(`${log}/search?q=x&limit=1`))).status).toBe(200);
  }, 20_000);
});

test('other methods and paths are as before', async () => {
  await using api = await jobServer();
  expect((await api.get('/jobs', {}, 'POST')).json()).toEqual({ msg: 'Not found: POST /jobs' });
  expect((await api.get('/Jobs')).json()).toEqual({ msg: 'Not found: GET /Jobs' });
  expect((await api.get('/jobs/')).status).toBe(404);
});
