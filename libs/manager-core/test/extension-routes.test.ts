import { describe, expect, test } from '@jest/globals';
import { toWireTime, zeroTime, type WorkerStatus } from '@tunasync/protocol';
import { memoryStore, type StatusStore, type StoreChange } from '@tunasync/store';
import { register, reportOf, startApi, ways, type Api } from './api.js';
import { runOf } from './run-of.js';

/** A store that notes its writes. */
function watchedStore(): { store: StatusStore; writes: StoreChange[][] } {
  const store = memoryStore();
  const writes: StoreChange[][] = [];
  const write = store.write.bind(store);
  store.write = (changes) => {
    writes.push([...changes]);
    return write(changes);
  };
  return { store, writes };
}

const heartbeatOf = (api: Api, fields: object = {}): object => ({
  version: '1.0.0',
  time: toWireTime(api.clock.now()),
  slots: 8,
  running: 2,
  queued: 1,
  outbox: 0,
  filesystems: [{ path: '/srv', total: 1000, free: 10 }],
  mirrors: 5,
  waits: { a: { for: 'upstream', detail: 'mirror.example' } },
  ...fields,
});
const ok = { status: 200, json: {} };
const syncing = (name: string): object => reportOf(name, { status: 'syncing' });

describe.each(ways)('heartbeats, %s', (way) => {
  test('are kept with the time at which they came', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    expect(api.app.heartbeats.get('w1')).toBeUndefined();
    await api.clock.advance(1000);
    expect(await api.post('/workers/w1/heartbeat', heartbeatOf(api))).toMatchObject(ok);
    expect(api.app.heartbeats.get('w1')).toMatchObject({
      heartbeat: heartbeatOf(api),
      received: api.clock.now(),
    });
    const told = { ...heartbeatOf(api), received: toWireTime(api.clock.now()) };
    await api.clock.advance(5000);
    expect(await api.get('/workers/w1/heartbeat')).toMatchObject({ status: 200, json: told });
    await api.delete('/workers/w1');
    expect(api.app.heartbeats.get('w1')).toBeUndefined();
  });

  test('are asked for of a worker that has sent none, or that nobody knows', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    expect(await api.get('/workers/w1/heartbeat')).toMatchObject({
      status: 404,
      json: { error: "worker 'w1' has sent no heartbeat yet" },
    });
    for (const path of ['/workers/nobody/heartbeat', '/workers/nobody/progress']) {
      expect(await api.get(path)).toMatchObject({ status: 400, json: { error: 'invalid workerID nobody' } });
    }
  });

  test('make the worker online now, and write nothing; what they say is stored when somebody asks for it', async () => {
    const { store, writes } = watchedStore();
    await using api = await startApi(way, { backEnd: store });
    await register(api, 'w1');
    await register(api, 'w2');
    writes.length = 0;
    for (let beat = 0; beat < 20; beat++) {
      await api.clock.advance(30_000);
      await api.post('/workers/w1/heartbeat', heartbeatOf(api));
      await api.post('/workers/w1/progress', { progress: [{ name: 'a', percent: beat }] });
    }
    expect(writes).toEqual([]);
    const online = async (): Promise<unknown> =>
      Object.fromEntries(
        ((await api.get('/workers')).json as WorkerStatus[]).map(({ id, last_online }) => [id, last_online]),
      );
    const shown = { w1: toWireTime(api.clock.now()), w2: toWireTime(api.clock.now() - 600_000) };
    expect(await online()).toEqual(shown);
    await api.app.keepLastOnline();
    await api.app.keepLastOnline();
    expect(writes).toMatchObject([[{ type: 'put-worker', worker: { id: 'w1', last_online: shown.w1 } }]]);
    expect(await online()).toEqual(shown);
    expect(await store.getWorker('w1')).toMatchObject({ last_online: shown.w1, token: 'secret of w1' });
  });

  test('of a worker that tells less take the zero values', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    expect(await api.post('/workers/w1/heartbeat', {})).toMatchObject(ok);
    expect(api.app.heartbeats.get('w1')?.heartbeat).toMatchObject({ version: '', time: zeroTime, waits: {} });
    expect(api.app.heartbeats.skew('w1')).toBeUndefined();
  });

  test('tell how far the clocks differ: the one that took least time counts, and old ones do not', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const beat = async (ahead: number): Promise<number | undefined> => {
      await api.post(
        '/workers/w1/heartbeat',
        heartbeatOf(api, { time: toWireTime(api.clock.now() + ahead) }),
      );
      return api.app.heartbeats.skew('w1');
    };
    expect(await beat(300_000)).toBe(300_000);
    expect(await beat(297_000)).toBe(300_000);
    expect(await beat(300_001)).toBe(300_001);
    for (let count = 0; count < 3; count++) expect(await beat(-5)).toBe(300_001);
    expect(await beat(-5)).toBe(-5);
  });

  test.each([
    [{ slots: -1 }, /^slots: /],
    [{ time: 'noon' }, /^time: expected a time/],
    [{ filesystems: [{ path: '/srv' }] }, /^filesystems\.0\.total: /],
  ])('%j is refused', async (fields, error) => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const answer = await api.post('/workers/w1/heartbeat', heartbeatOf(api, fields));
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(error) } });
    expect(api.app.heartbeats.get('w1')).toBeUndefined();
  });
});

describe.each(ways)('progress, %s', (way) => {
  test('is kept for mirrors that run, until their run ends', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b', 'idle');
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'pre-syncing' }));
    await api.post('/workers/w1/jobs/b', syncing('b'));
    const a = { name: 'a', percent: 12.5, bytes: 1e12, files: 7, rate: 1e6, eta: 3600 };
    const progress = [a, { name: 'b' }, { name: 'idle', percent: 1 }, { name: 'unknown', percent: 1 }];
    expect(await api.post('/workers/w1/progress', { progress })).toMatchObject(ok);
    const received = api.clock.now();
    expect(api.app.progress.ofWorker('w1')).toEqual([
      { ...a, received },
      { name: 'b', received },
    ]);
    expect(await api.get('/workers/w1/progress')).toMatchObject({
      status: 200,
      json: { progress: [a, { name: 'b' }] },
    });
    await api.post('/workers/w1/progress', { progress: [{ ...a, percent: 13 }] });
    await api.post('/workers/w1/jobs/a', syncing('a'));
    expect(api.app.progress.get('w1', 'a')?.percent).toBe(13);
    await api.post('/workers/w1/jobs/a', reportOf('a'));
    expect(api.app.progress.get('w1', 'a')).toBeUndefined();
    // news that was held up
    await api.post('/workers/w1/progress', { progress: [a] });
    expect(api.app.progress.ofWorker('w1')).toEqual([{ name: 'b', received }]);
    await api.delete('/workers/w1');
    expect(api.app.progress.ofWorker('w1')).toEqual([]);
  });

  test('nobody tells of for two minutes is not known any more', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    await api.post('/workers/w1/jobs/a', syncing('a'));
    await api.post('/workers/w1/progress', { progress: [{ name: 'a', percent: 1 }] });
    await api.clock.advance(119_999);
    expect(api.app.progress.get('w1', 'a')?.percent).toBe(1);
    await api.clock.advance(1);
    expect(api.app.progress.get('w1', 'a')).toBeUndefined();
    expect(api.app.progress.ofWorker('w1')).toEqual([]);
  });

  test('that makes no sense is refused', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    expect(await api.post('/workers/w1/progress', { progress: [{ name: 'a', percent: -1 }] })).toMatchObject({
      status: 400,
      json: { error: expect.stringMatching(/^progress\.0\.percent: /) },
    });
  });
});

describe.each(ways)('a mirror at all workers, %s', (way) => {
  test('is answered as each worker has it; one that nobody has is not found', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'c++');
    await register(api, 'w2', 'a');
    const { json, status } = await api.get('/jobs/a');
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { name: 'a', worker: 'w1', status: 'success' },
      { name: 'a', worker: 'w2' },
    ]);
    expect(json).toEqual([
      ...((await api.get('/workers/w1/jobs')).json as object[]).slice(0, 1),
      ...((await api.get('/workers/w2/jobs')).json as object[]),
    ]);
    expect((await api.get('/jobs/c%2B%2B')).json).toMatchObject([{ name: 'c++' }]);
    for (const path of ['/jobs/nope', '/jobs/nope/history', '/jobs/disabled']) {
      const name = path.split('/')[2] ?? '';
      expect(await api.get(path)).toMatchObject({
        status: 404,
        json: { error: `no worker has a mirror '${name}'` },
      });
    }
    expect(await api.get('/jobs/a%2Fb')).toMatchObject({ status: 400 });
    expect(await api.get('/jobs/')).toMatchObject({
      status: 404,
      json: { error: 'no such route: GET /jobs/' },
    });
  });
});

describe.each(ways)('routes beyond the contract, %s', (way) => {
  test.each([
    ['heartbeat', {}],
    ['progress', { progress: [] }],
    ['runs', runOf('a', Date.parse('2026-11-23T12:00:00Z'))],
  ])('%s of a worker that is not registered is refused, so that it registers again', async (path, body) => {
    await using api = await startApi(way);
    expect(await api.post(`/workers/nope/${path}`, body)).toMatchObject({
      status: 400,
      json: { error: 'invalid workerID nope' },
    });
    expect(api.app.heartbeats.get('nope')).toBeUndefined();
  });

  test('can be switched off; the contract stays', async () => {
    await using api = await startApi(way, { extensions: false });
    await register(api, 'w1', 'a');
    for (const [method, path] of [
      ['POST', '/workers/w1/heartbeat'],
      ['POST', '/workers/w1/progress'],
      ['POST', '/workers/w1/runs'],
      ['GET', '/jobs/a'],
      ['GET', '/jobs/a/history'],
      ['GET', '/jobs/a/logs'],
      ['GET', '/jobs/a/log/stream'],
    ] as const) {
      expect(await api.call(method, path, method === 'POST' ? '{}' : undefined)).toMatchObject({
        status: 404,
        json: { error: `no such route: ${method} ${path}` },
      });
    }
    expect((await api.get('/jobs')).json).toHaveLength(1);
    expect((await api.delete('/jobs/disabled')).json).toEqual({ message: 'flushed' });
  });
});
