import { describe, expect, test } from '@jest/globals';
import type { Heartbeat, RunRecord } from '@tunasync/protocol';
import { ManagerClient, nodeTransport, RefusedError } from '../src/index.js';
import { json, serve, text } from './scripted-server.js';

const run: RunRecord = {
  id: 'w1-1',
  name: 'debian',
  worker: 'w1',
  started: '2026-11-23T17:20:00Z',
  ended: '2026-11-23T17:21:00Z',
  result: 'success',
  reason: 'ok',
  attempts: 1,
  exit_code: 0,
  error_msg: '',
  bytes_transferred: 12,
  size: '1.5G',
  log_file: '',
};
const facts: Heartbeat = {
  version: '1.0.0',
  time: '2026-11-23T17:21:00Z',
  slots: 4,
  running: 1,
  queued: 0,
  outbox: 0,
  filesystems: [{ path: '/srv', total: 10, free: 3 }],
  mirrors: 7,
  waits: { debian: { for: 'slot' } },
};

describe('extension routes', () => {
  test('each method requests its route with its body and resolves to the answer', async () => {
    await using server = await serve(json({}));
    using client = new ManagerClient({ baseUrl: server.url, transport: nodeTransport });
    await client.heartbeat('w 1', facts);
    const progress = [{ name: 'debian', percent: 12.5 }];
    await client.reportProgress('w1', { progress });
    await client.reportRun('w1', run);
    server.answer = json([{ name: 'debian', consecutive_failures: 2 }]);
    expect(await client.listJobsByName('c++')).toMatchObject([
      { name: 'debian', consecutive_failures: 2, size: '' },
    ]);
    const received = '2026-11-23T17:21:01Z';
    server.answer = json({ ...facts, received });
    expect(await client.lastHeartbeat('w1')).toEqual({ ...facts, received });
    server.answer = json({ progress });
    expect(await client.listProgress('w1')).toEqual({ progress });
    server.answer = json([run]);
    expect(await client.jobHistory('debian')).toEqual([run]);
    expect(await client.jobHistory('debian', { limit: 7 })).toEqual([run]);
    expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/workers/w%201/heartbeat', JSON.stringify(facts)],
      ['POST', '/workers/w1/progress', JSON.stringify({ progress })],
      ['POST', '/workers/w1/runs', JSON.stringify(run)],
      ['GET', '/jobs/c%2B%2B', ''],
      ['GET', '/workers/w1/heartbeat', ''],
      ['GET', '/workers/w1/progress', ''],
      ['GET', '/jobs/debian/history', ''],
      ['GET', '/jobs/debian/history?limit=7', ''],
    ]);
  });

  test('a manager of v0.10 answers 404 to all of them', async () => {
    await using server = await serve(text('404 page not found', 404));
    using client = new ManagerClient({ baseUrl: server.url, transport: nodeTransport });
    const error: unknown = await client.heartbeat('w1', facts).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ httpStatus: 404, serverMessage: undefined });
  });

  test('a reply reader of the caller reads the v0.10 routes only', async () => {
    await using server = await serve(json([run]));
    using client = new ManagerClient({
      baseUrl: server.url,
      transport: nodeTransport,
      readReply: () => {
        throw new TypeError('mine');
      },
    });
    expect(await client.jobHistory('debian')).toEqual([run]);
    await expect(client.ping()).rejects.toThrow('mine');
  });

  test('an invalid history is a bad reply', async () => {
    await using server = await serve(json([{ id: 'x' }]));
    using client = new ManagerClient({ baseUrl: server.url, transport: nodeTransport });
    await expect(client.jobHistory('debian')).rejects.toMatchObject({
      code: 'CLIENT_BAD_REPLY',
      message: expect.stringMatching(/\/jobs\/debian\/history gave an invalid answer: 0\.name: /),
    });
  });
});
