import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { longestName, managerRoutes } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { register, reportOf, startApi, ways, type Api } from './api.js';

/** Every route that takes a body, with its parameters filled in. */
const postRoutes = Object.values(managerRoutes)
  .filter((route) => 'body' in route)
  .map(({ path }) => path.replace(':id', 'w1').replace(':job', 'a'));

const snapshot = async (api: Api): Promise<unknown> => {
  const workers = (await api.get('/workers')).json as { id: string }[];
  return [workers.map(({ id }) => id), (await api.get('/jobs')).json, api.sent.length];
};

/** Sends raw bytes and resolves to everything that was received before the connection was closed. */
function raw(url: string, text: string, end = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(text);
      if (end) socket.end();
    });
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

/** Largest body of a route, in bytes. */
const limitOf = (path: string): number => (path.endsWith('/schedules') ? 8 : 1) * 2 ** 20;
const tooLarge = (path: string): string =>
  `the body is too large: at most ${limitOf(path)} bytes are accepted`;

describe.each(ways)('bad input, %s', (way) => {
  test('a message does not quote the request: it may hold a token, and messages are logged', async () => {
    await using api = await startApi(way);
    expect(await api.post('/workers', '{"id":"w1","token":hush}')).toMatchObject({
      status: 400,
      json: { error: "the body is not valid JSON: Unexpected token 'h'" },
    });
    expect(api.logger.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(api.logger.lines)).not.toContain('hush');
  });

  describe.each(postRoutes)('defect 17: POST %s', (path) => {
    test.each<[string, string | Buffer, number, string | RegExp]>([
      ['no body', '', 400, 'the body is empty: expected JSON'],
      ['blanks', ' \n', 400, 'the body is empty: expected JSON'],
      ['broken JSON', '{bad', 400, /^the body is not valid JSON: /],
      ['a form', 'name=x&size=1', 400, /^the body is not valid JSON: /],
      ['an array', '[1]', 400, 'body: expected object, received array'],
      ['a number', '7', 400, 'body: expected object, received number'],
      ['null', 'null', 400, 'body: expected object, received null'],
      ['deep nesting', '['.repeat(200_000), 400, /^the body is not valid JSON: /],
      ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 400, /^the body is not valid JSON: /],
      ['too much', `{"x":"${'x'.repeat(limitOf(path))}"}`, 413, tooLarge(path)],
    ])('%s is refused, and nothing is stored', async (_, body, status, error) => {
      await using api = await startApi(way);
      await register(api, 'w1', 'a');
      const before = await snapshot(api);
      const answer = await api.call('POST', path, body);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.json).toEqual({
        error: typeof error === 'string' ? error : expect.stringMatching(error),
      });
      expect(await snapshot(api)).toEqual(before);
    });
  });

  test.each([
    ['/workers', { id: 7 }, 'id: expected string, received number'],
    ['/workers', { id: 'x', url: [] }, 'url: expected string, received array'],
    ['/workers/w1/jobs/a', { name: 'a', is_master: 'yes' }, 'is_master: expected boolean, received string'],
    [
      '/workers/w1/jobs/a',
      { name: 'a', status: 'cached' },
      'status: expected one of "none", "failed", "success", "syncing", "pre-syncing", "paused", "disabled"',
    ],
    [
      '/workers/w1/jobs/a',
      { name: 'a', last_update: 'yesterday' },
      'last_update: expected a time such as 2026-11-23T17:21:52Z',
    ],
    [
      '/workers/w1/jobs/a',
      { name: 'a', last_ended: '' },
      'last_ended: expected a time such as 2026-11-23T17:21:52Z',
    ],
    ['/workers/w1/jobs/a/size', { name: 'a', size: 5 }, 'size: expected string, received number'],
    ['/workers/w1/schedules', { schedules: {} }, 'schedules: expected array, received object'],
    [
      '/workers/w1/schedules',
      { schedules: [{ name: 'a', next_schedule: '2026-02-30T00:00:00Z' }] },
      'schedules.0.next_schedule: expected a time such as 2026-11-23T17:21:52Z',
    ],
    [
      '/workers/w1/schedules',
      { schedules: [1, 2, 3, 4, 5] },
      'schedules.0: expected object, received number; schedules.1: expected object, received number; schedules.2: expected object, received number; and 2 more',
    ],
  ])('POST %s %j is refused with the field and the expectation', async (path, body, error) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const before = await snapshot(api);
    expect(await api.post(path, body)).toMatchObject({ status: 400, json: { error } });
    expect(await snapshot(api)).toEqual(before);
  });

  test.each([
    ['GET', '/nope', '/nope'],
    ['GET', '/JOBS', '/JOBS'],
    ['GET', '/jobs/', '/jobs/'],
    ['PUT', '/jobs', '/jobs'],
    ['POST', '/jobs', '/jobs'],
    ['GET', '//jobs', '//jobs'],
    ['GET', '/workers//jobs', '/workers//jobs'],
    ['POST', '/workers/w1/jobs/a/b/c', '/workers/w1/jobs/a/b/c'],
    ['GET', '/jobs%2f', '/jobs%2f'],
    ['GET', `/${'x'.repeat(300)}`, `/${'x'.repeat(199)}…`],
  ])('%s %s is no route: 404 with a JSON error', async (method, path, shown) => {
    await using api = await startApi(way);
    const answer = await api.call(method, path);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json).toEqual({ error: `no such route: ${method} ${shown}` });
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });

  test.each([
    ['a%2Fb', "mirror name should not contain '/' nor be '.' or '..'"],
    ['..', "mirror name should not contain '/' nor be '.' or '..'"],
    ['%2e%2e', "mirror name should not contain '/' nor be '.' or '..'"],
    ['a%00', 'mirror name should not contain control characters'],
    ['x'.repeat(10_000), 'mirror name should be at most 200 bytes long'],
    ['%zz', 'the path is not percent-encoded UTF-8'],
    ['%ff', 'the path is not percent-encoded UTF-8'],
  ])('a mirror in the path that is %s is refused', async (job, error) => {
    await using api = await startApi(way);
    await register(api, 'w1');
    for (const path of [`/workers/w1/jobs/${job}`, `/workers/w1/jobs/${job}/size`]) {
      expect(await api.post(path, reportOf('a'))).toMatchObject({ status: 400, json: { error } });
    }
    expect((await api.get('/jobs')).json).toEqual([]);
  });

  test.each(['..', 'a%2Fb', '%00', 'x'.repeat(10_000), '__proto__', 'constructor'])(
    'a worker in the path that is %s is not registered',
    async (id) => {
      await using api = await startApi(way);
      const { status, json } = await api.get(`/workers/${id}/jobs`);
      expect(status).toBe(400);
      expect((json as { error: string }).error).toMatch(/^invalid workerID .{1,201}$/s);
    },
  );

  test('mirrors and workers may have the names of built-in properties', async () => {
    await using api = await startApi(way);
    await register(api, '__proto__', 'constructor', '__proto__', 'toString');
    const names = ((await api.get('/workers/__proto__/jobs')).json as { name: string }[]).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(['__proto__', 'constructor', 'toString']);
    const options = '{"cmd":"start","mirror_id":"toString","options":{"__proto__":true,"force":true}}';
    expect((await api.post('/cmd', options)).status).toBe(200);
    expect(api.sent[0]?.command.options).toEqual({ force: true });
    expect(({} as Record<string, unknown>)['force']).toBeUndefined();
  });

  test('a compressed body is refused', async () => {
    await using api = await startApi(way);
    const answer = await api.post('/workers', '{"id":"w1"}', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 415, json: { error: 'Content-Encoding: expected none' } });
  });

  test('a body without a length that never ends is cut off', async () => {
    await using api = await startApi(way);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const head = 'POST /workers HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    const answer = await raw(api.url, head + chunk.repeat(20), true);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/\{"error":"the body is too large: at most 1048576 bytes are accepted"\}$/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  });

  test('a request that breaks off stores nothing, and the next one is served', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write('POST /workers/w1/jobs/a HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"name":');
    await waitFor('the request to arrive', () => socket.bytesWritten > 0 && !socket.connecting);
    socket.destroy();
    await waitFor('the refusal', () =>
      api.logger.lines.some(({ message }) => message.includes('ended before its body was complete')),
    );
    expect((await api.get('/jobs')).json).toEqual([]);
  });

  test('an unexpected error is described only in the log', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    api.store.workers = () => {
      throw new RangeError('secret detail');
    };
    expect(await api.get('/workers')).toMatchObject({ status: 500, json: { error: 'internal error' } });
    expect(api.logger.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('GET /workers: '),
      }),
    );
    expect((await api.get('/ping')).status).toBe(200);
  });
});

test('a body may be as large as the embedder allows', async () => {
  await using api = await startApi('front', { maxBodyBytes: 20 });
  expect((await api.post('/workers', '{"id":"w1"}')).status).toBe(200);
  expect((await api.post('/workers', '{"id":"w1","url":""}')).status).toBe(200);
  expect((await api.post('/workers', '{"id":"w1","url":"" }')).status).toBe(413);
});

test('a schedules post of 10,000 mirrors with the longest names is accepted', async () => {
  await using api = await startApi();
  await register(api, 'w1');
  const schedules = Array.from({ length: 10_000 }, (_, n) => ({
    name: String(n).padStart(longestName, 'm'),
    next_schedule: '2026-11-23T17:21:41.412944482Z',
  }));
  expect((await api.post('/workers/w1/schedules', { schedules })).status).toBe(200);
});

test.each([
  ['/api/jobs?state=' + 'x,'.repeat(5000), /^state\.0: expected one of .*; and 4998 more$/],
  ['/api/timeline?worker=' + 'x'.repeat(3000), /^invalid workerID x+…$/],
  ['/api/jobs?q=' + 'x'.repeat(201), /^q: expected at most 200 characters$/],
  ['/api/jobs?limit=-1&offset=NaN&sort=__proto__', /^sort: expected one of .*; offset: .*; limit: /],
])('an invalid query is described briefly: %#', async (path, error) => {
  await using api = await startApi();
  const { status, json } = await api.get(path);
  expect(status).toBe(400);
  expect((json as { error: string }).error).toMatch(error);
  expect((json as { error: string }).error.length).toBeLessThan(600);
});
