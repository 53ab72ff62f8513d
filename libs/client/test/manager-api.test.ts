import { describe, expect, test } from '@jest/globals';
import { systemClock, type Clock } from '@tunasync/protocol';
import { FakeClock, waitFor } from '@tunasync/test-utils';
import { axiosTransport, ManagerClient, nodeTransport, RefusedError } from '../src/index.js';
import { json, serve, text, type Answer } from './scripted-server.js';

const never = '0001-01-01T00:00:00Z';
const counts = {
  none: 0,
  failed: 1,
  success: 0,
  syncing: 0,
  'pre-syncing': 0,
  paused: 0,
  disabled: 0,
};
const states = { failed: 1, syncing: 0, waiting: 0, stale: 0, none: 0, paused: 0, disabled: 0, success: 0 };
const job = {
  name: 'debian',
  worker: 'w 1',
  is_master: true,
  status: 'failed',
  last_update: never,
  last_started: never,
  last_ended: never,
  next_schedule: never,
  upstream: 'rsync://u/',
  size: '1G',
  error_msg: 'exit status 3',
  state: 'failed',
  worker_state: 'online',
};
const worker = {
  id: 'w1',
  url: 'http://h/',
  state: 'lost',
  last_online: never,
  last_register: never,
  counts,
};
const log = { name: 'a b.log', size: 6, started: never, time: never, failed: false };

/** A client of a scripted server. */
const clientOf = (baseUrl: string, transport = nodeTransport, clock: Clock = systemClock) =>
  new ManagerClient({ baseUrl, transport, clock });

const logAnswer =
  (body: string | Buffer, start: number, size: number): Answer =>
  (_seen, _request, response) => {
    const headers = { 'x-log-start': start, 'x-log-end': start + body.length, 'x-log-size': size };
    response.writeHead(200, { ...headers, 'content-length': body.length });
    response.end(body);
  };

describe('routes for pages and tools', () => {
  test('each method requests its route and resolves to the answer', async () => {
    await using server = await serve(json({ total: 1, counts, states, jobs: [job] }));
    using client = clientOf(server.url);
    const query = { q: 'deb&', status: ['failed', 'syncing'] as const, worker: 'w 1', offset: 10, limit: 5 };
    expect(await client.findJobs({ ...query, status: [...query.status] })).toMatchObject({
      total: 1,
      counts: { failed: 1 },
      jobs: [{ name: 'debian', worker_state: 'online' }],
    });
    expect((await client.findJobs()).jobs).toHaveLength(1);
    server.answer = json(job);
    expect(await client.getJob('w 1', 'c++')).toEqual(job);
    server.answer = json([worker]);
    expect(await client.findWorkers()).toEqual([worker]);
    const results = [{ worker: 'w1', name: 'debian', ok: false, message: 'no' }];
    server.answer = json({ results });
    expect(await client.sendCommands({ cmd: 'start', glob: 'deb*', worker: 'w1' })).toEqual(results);
    server.answer = json({ logs: [log] });
    expect(await client.listLogs('debian', { worker: 'w1' })).toEqual([log]);
    const found = { hits: [{ offset: 3, text: 'error', match: [0, 5] }], end: 9, size: 9, complete: true };
    server.answer = json(found);
    expect(
      await client.searchLog('debian', 'a b.log', { q: 'err?', regex: true, case: false, from: 3, limit: 2 }),
    ).toEqual(found);
    expect(server.seen.map(({ method, url, body }) => `${method} ${url} ${body}`.trim())).toEqual([
      'GET /api/jobs?q=deb%26&status=failed%2Csyncing&worker=w+1&offset=10&limit=5',
      'GET /api/jobs',
      'GET /api/jobs/w%201/c%2B%2B',
      'GET /api/workers',
      'POST /api/commands {"cmd":"start","glob":"deb*","worker":"w1"}',
      'GET /jobs/debian/logs?worker=w1',
      'GET /jobs/debian/logs/a%20b.log/search?q=err%3F&regex=1&from=3&limit=2',
    ]);
  });

  test.each([
    ['a manager of v0.10', text('404 page not found', 404), 'manager'],
    ['one that has them switched off', json({ error: 'no such route: GET /x' }, 404), 'manager'],
    ['a worker of v0.10', json({ error: 'worker w1 does not offer its logs' }, 501), 'worker'],
  ])('%s does not offer the routes, which is an error of its own', async (_who, answer, party) => {
    await using server = await serve(answer);
    using client = clientOf(server.url);
    const error = expect.objectContaining({ code: 'CLIENT_NOT_OFFERED', party });
    await expect(client.findJobs()).rejects.toEqual(error);
    await expect(client.listLogs('debian')).rejects.toEqual(error);
    await expect(client.readLog('debian', 'l')).rejects.toEqual(error);
    await expect(client.events().next()).rejects.toEqual(error);
    await expect(client.followLog('debian').next()).rejects.toEqual(error);
  });

  test('a missing job is refused in the words of the manager', async () => {
    await using server = await serve(json({ error: "no worker has a mirror 'x'" }, 404));
    using client = clientOf(server.url);
    for (const refused of [client.getJob('w1', 'x'), client.listLogs('x'), client.readLog('x', 'l')]) {
      const error: unknown = await refused.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RefusedError);
      expect(error).toMatchObject({ httpStatus: 404, serverMessage: "no worker has a mirror 'x'" });
    }
  });

  test('an error about an invalid answer names the field', async () => {
    await using server = await serve(json({ total: 1, counts, states, jobs: [{ ...job, state: 'odd' }] }));
    using client = clientOf(server.url);
    await expect(client.findJobs()).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('jobs.0.state'),
    });
  });
});

describe.each([
  ['node:http', nodeTransport],
  ['axios', axiosTransport],
])('readLog over %s', (_name, transport) => {
  test('a part is returned as bytes, with its position', async () => {
    await using server = await serve(logAnswer(Buffer.from([0x61, 0xff, 0x0a]), 7, 10));
    using client = clientOf(server.url, transport);
    const part = await client.readLog('debian', 'a b.log', { from: 7, worker: 'w1' });
    expect([part.start, part.end, part.size]).toEqual([7, 10, 10]);
    expect([...(await part.bytes())]).toEqual([0x61, 0xff, 0x0a]);
    await client.readLog('debian', 'l', { tail: 3 }).then((tail) => tail.bytes());
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/jobs/debian/logs/a%20b.log?worker=w1&from=7',
      '/jobs/debian/logs/l?tail=3',
    ]);
  });

  test('a long log is received while it is read, and can be abandoned', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    let closed = 0;
    await using server = await serve((_seen, _request, response) => {
      response.writeHead(200, { 'x-log-start': 0, 'x-log-end': 2 ** 40, 'x-log-size': 2 ** 40 });
      response.on('close', () => (closed += 1));
      response.write(chunk);
    });
    using client = clientOf(server.url, transport);
    let seen = 0;
    for await (const bytes of await client.readLog('debian', 'l')) {
      seen += bytes.length;
      if (seen >= chunk.length) break;
    }
    expect(seen).toBe(chunk.length);
    await waitFor('the end', () => closed === 1);
    const part = await client.readLog('debian', 'l');
    part.close();
    await waitFor('the end', () => closed === 2);
  });

  test('a log that breaks off is not taken for complete, and a silent server is a timeout', async () => {
    await using server = await serve((_seen, _request, response) => {
      response.writeHead(200, { 'x-log-start': 0, 'x-log-end': 9, 'x-log-size': 9, 'content-length': 9 });
      response.write('abc', () => response.destroy());
    });
    using client = clientOf(server.url, transport);
    const broken = await client.readLog('debian', 'l');
    await expect(broken.bytes()).rejects.toMatchObject({ code: 'CLIENT_UNREACHABLE', reason: 'closed' });
    const clock = new FakeClock();
    using timed = clientOf(server.url, transport, clock);
    server.answer = () => undefined;
    const late = expect(timed.readLog('debian', 'l', { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'CLIENT_TIMEOUT',
    });
    await waitFor('the request', () => server.seen.length === 2);
    await clock.advance(20);
    await late;
    const ending = new AbortController();
    server.answer = (_seen, _request, response) => {
      response.writeHead(200, { 'x-log-start': 0, 'x-log-end': 9, 'x-log-size': 9 });
      response.write('abc');
    };
    const given = await client.readLog('debian', 'l', { signal: ending.signal });
    const rest = given.bytes();
    ending.abort();
    await expect(rest).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
  });

  test('more bytes than announced are refused', async () => {
    await using server = await serve((_seen, _request, response) => {
      response.writeHead(200, { 'x-log-start': 0, 'x-log-end': 9, 'x-log-size': 9 });
      // the body does not end: the bytes alone are too many
      response.write('0123456789');
    });
    using client = clientOf(server.url, transport);
    const part = await client.readLog('debian', 'l', { tail: 1 });
    await expect(part.bytes()).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('more than 9 bytes'),
    });
  });

  test('an answer that does not state its position is a bad reply', async () => {
    await using server = await serve(text('<html>', 200));
    using client = clientOf(server.url, transport);
    await expect(client.readLog('debian', 'l')).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringContaining('no x-log-start'),
    });
    server.answer = json({ error: 'from: the log has 3 bytes' }, 416);
    await expect(client.readLog('debian', 'l', { from: 9 })).rejects.toMatchObject({
      code: 'CLIENT_REFUSED',
      httpStatus: 416,
    });
  });
});
