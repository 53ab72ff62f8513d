import { describe, expect, test } from '@jest/globals';
import { toWireTime, zeroTime, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import { memoryStore, type StatusStore, type StoreChange } from '@tunasync/store';
import { register, reportOf, startApi, ways, type Api } from './api.js';

/** A store that counts its writes and fails when told to. */
function watchedStore(): { store: StatusStore; writes: StoreChange[][]; fail: (reason?: Error) => void } {
  const store = memoryStore();
  const writes: StoreChange[][] = [];
  const write = store.write.bind(store);
  let failure: Error | undefined;
  store.write = (changes) => {
    if (failure !== undefined) return Promise.reject(failure);
    writes.push([...changes]);
    return write(changes);
  };
  return { store, writes, fail: (reason) => (failure = reason) };
}

const jobsOf = async (api: Api, worker: string): Promise<MirrorStatus[]> =>
  (await api.get(`/workers/${worker}/jobs`)).json as MirrorStatus[];
const workersOf = async (api: Api): Promise<WorkerStatus[]> =>
  (await api.get('/workers')).json as WorkerStatus[];

describe.each(ways)('routes of workers, %s', (way) => {
  test('a worker registers as online now and its token is never shown to others', async () => {
    await using api = await startApi(way);
    const now = toWireTime(api.clock.now());
    const body = { id: 'w1', url: 'https://w1.example:6000/', token: 'hush', last_online: zeroTime };
    const stored = { id: 'w1', url: body.url, token: 'hush', last_online: now, last_register: now };
    expect(await api.post('/workers', body)).toMatchObject({ status: 200, json: stored });
    expect(await workersOf(api)).toEqual([{ ...stored, token: 'REDACTED' }]);
    expect(JSON.stringify(api.logger.lines)).not.toContain('hush');
  });

  test('defect 8: registering again updates the worker and keeps its statuses', async () => {
    await using api = await startApi(way);
    const unknown = { status: 400, json: { error: 'invalid workerID w1' } };
    expect(await api.post('/workers/w1/jobs/a', reportOf('a'))).toMatchObject(unknown);
    await register(api, 'w1', 'a');
    await api.clock.advance(5000);
    await api.post('/workers', { id: 'w1', url: 'http://moved.example/' });
    const [worker] = await workersOf(api);
    const now = toWireTime(api.clock.now());
    expect(worker).toMatchObject({ url: 'http://moved.example/', last_online: now, last_register: now });
    expect(await jobsOf(api, 'w1')).toHaveLength(1);
  });

  test.each([
    ['/workers', { id: '', url: 'http://w/' }, 'worker id should not be empty'],
    ['/workers', { id: 'a/b' }, "worker id should not contain '/' nor be '.' or '..'"],
    ['/workers', { id: '..' }, "worker id should not contain '/' nor be '.' or '..'"],
    ['/workers', { id: 'a\0b' }, 'worker id should not contain control characters'],
    ['/workers', { id: 'é'.repeat(101) }, 'worker id should be at most 200 bytes long'],
    [
      '/workers',
      { id: 'w', url: 'file:///etc/passwd' },
      'url: expected a URL such as http://worker.example:6000/',
    ],
    ['/workers', { id: 'w', url: 'nonsense' }, 'url: expected a URL such as http://worker.example:6000/'],
  ])('POST %s %j is refused', async (path, body, error) => {
    await using api = await startApi(way);
    expect(await api.post(path, body)).toMatchObject({ status: 400, json: { error } });
    expect(await workersOf(api)).toEqual([]);
  });

  test('defect 7: deleting a worker takes the statuses of its mirrors with it', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    await register(api, 'w2', 'a');
    expect(await api.delete('/workers/w1')).toMatchObject({ status: 200, json: { message: 'deleted' } });
    expect((await workersOf(api)).map(({ id }) => id)).toEqual(['w2']);
    expect((await api.get('/jobs')).json).toHaveLength(1);
    await register(api, 'w1');
    expect(await jobsOf(api, 'w1')).toEqual([]);
  });

  test.each([
    ['GET', '/workers/nope/jobs', undefined],
    ['DELETE', '/workers/nope', undefined],
    ['POST', '/workers/nope/jobs/a', reportOf('a')],
    ['POST', '/workers/nope/jobs/a/size', { name: 'a', size: '1G' }],
    ['POST', '/workers/nope/schedules', { schedules: [] }],
  ])('%s %s of a worker that is not registered is refused', async (method, path, body) => {
    await using api = await startApi(way);
    const answer = await api.call(method, path, body && JSON.stringify(body));
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid workerID nope' } });
    expect(await workersOf(api)).toEqual([]);
  });

  test('names are compared case-sensitively and after decoding', async () => {
    await using api = await startApi(way);
    await api.post('/workers', { id: 'Wörker 1' });
    await api.post('/workers/W%c3%b6rker%201/jobs/a%20b', reportOf('a b'));
    expect(await jobsOf(api, 'W%C3%B6rker%201')).toMatchObject([{ name: 'a b', worker: 'Wörker 1' }]);
    expect((await api.get('/workers/w%C3%B6rker%201/jobs')).status).toBe(400);
  });
});

describe.each(ways)('reports, %s', (way) => {
  test('the worker counts from the path and the name from the body', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const answer = await api.post('/workers/w1/jobs/other', reportOf('a', { worker: 'w9' }));
    expect(answer).toMatchObject({ status: 200, json: { name: 'a', worker: 'w1' } });
    expect(await jobsOf(api, 'w1')).toEqual([answer.json]);
  });

  test('absent and null fields are zero, whatever the Content-Type; unknown ones are dropped', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const body = '{"name":"a","size":null,"last_update":null,"surprise":1,"__proto__":{"upstream":"x"}}';
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const { json } = await api.post('/workers/w1/jobs/a', body, type);
    expect(json).toEqual(reportOf('a', { is_master: false, status: 'none', upstream: '', size: '' }));
    expect(Object.keys({})).toEqual([]);
  });

  test('every post of a worker makes it online now', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    for (const [path, body] of [
      ['jobs/a', reportOf('a')],
      ['jobs/a/size', { name: 'a', size: '1G' }],
      ['schedules', { schedules: null }],
    ] as const) {
      await api.clock.advance(1000);
      expect((await api.post(`/workers/w1/${path}`, body)).status).toBe(200);
      const [worker] = await workersOf(api);
      expect(worker?.last_online).toBe(toWireTime(api.clock.now()));
      expect(worker?.last_register).not.toBe(worker?.last_online);
    }
  });

  test.each([
    ['', 'mirror Name should not be empty'],
    ['a/b', "mirror name should not contain '/' nor be '.' or '..'"],
    ['..', "mirror name should not contain '/' nor be '.' or '..'"],
    ['a\0', 'mirror name should not contain control characters'],
    ['x'.repeat(10_000), 'mirror name should be at most 200 bytes long'],
  ])('defect 5: a report named %j is refused and not stored', async (name, error) => {
    await using api = await startApi(way);
    await register(api, 'w1');
    for (const path of ['/workers/w1/jobs/x', '/workers/w1/jobs/x/size']) {
      expect(await api.post(path, { name })).toMatchObject({ status: 400, json: { error } });
    }
    expect(await jobsOf(api, 'w1')).toEqual([]);
  });

  test('defect 6: a report does not wipe the schedule, and a schedules post without the mirror neither', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a', 'b');
    const next_schedule = '2027-01-01T00:00:00.123456789+08:00';
    await api.post('/workers/w1/schedules', { schedules: [{ name: 'a', next_schedule }] });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'pre-syncing' }));
    await api.post('/workers/w1/schedules', { schedules: [{ name: 'b', next_schedule: zeroTime }] });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'syncing' }));
    const statuses = new Map((await jobsOf(api, 'w1')).map((status) => [status.name, status]));
    expect(statuses.get('a')).toMatchObject({ status: 'syncing', next_schedule });
    expect(statuses.get('b')).toMatchObject({ next_schedule: zeroTime });
  });

  test('a size is set by hand; that of an unknown mirror is refused', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const answer = await api.post('/workers/w1/jobs/a/size', { name: 'a', size: '1.33T' });
    expect(answer).toMatchObject({ status: 200, json: { name: 'a', size: '1.33T', status: 'success' } });
    expect(await api.post('/workers/w1/jobs/z/size', { name: 'z', size: '1G' })).toMatchObject({
      status: 500,
      json: { error: "no mirror 'z' exists in worker 'w1'" },
    });
    // it is the client's mistake, whatever the status says
    expect(api.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(await jobsOf(api, 'w1')).toEqual([answer.json]);
  });

  test('flush drops disabled and nameless statuses of all workers', async () => {
    const { store } = watchedStore();
    await store.write([{ type: 'put-status', status: reportOf('', { status: 'none' }) }]);
    await using api = await startApi(way, { backEnd: store });
    await register(api, 'w1', 'a', 'b');
    await register(api, 'w2', 'c');
    for (const [id, name] of [
      ['w1', 'b'],
      ['w2', 'c'],
    ] as const) {
      await api.post(`/workers/${id}/jobs/${name}`, reportOf(name, { status: 'disabled' }));
    }
    expect((await api.get('/jobs')).json).toHaveLength(4);
    expect(await api.delete('/jobs/disabled')).toMatchObject({ status: 200, json: { message: 'flushed' } });
    expect((await api.get('/jobs')).json).toMatchObject([{ name: 'a' }]);
    expect((await api.delete('/jobs/disabled')).status).toBe(200);
  });
});

describe('what reaches the store', () => {
  test('defect 18: a schedules post of 1,000 mirrors is one write, of changed ones only', async () => {
    const { store, writes } = watchedStore();
    await using api = await startApi('front', { backEnd: store });
    const names = Array.from({ length: 1000 }, (_, n) => `mirror-${n}`);
    await register(api, 'w1', ...names);
    writes.length = 0;
    const post = async (minute: string): Promise<unknown> => {
      await api.clock.advance(1000);
      return api.post('/workers/w1/schedules', {
        schedules: [...names, 'unknown'].map((name) => ({
          name,
          next_schedule: `2027-01-01T00:${name === 'mirror-7' ? minute : '00'}:00Z`,
        })),
      });
    };
    await post('00');
    await post('00');
    await post('01');
    expect(writes.map((changes) => changes.length)).toEqual([1001, 1, 2]);
    expect(writes[2]).toMatchObject([
      { type: 'put-worker', worker: { id: 'w1' } },
      { type: 'put-status', status: { name: 'mirror-7', next_schedule: '2027-01-01T00:01:00Z' } },
    ]);
  });

  test('a report is one write', async () => {
    const { store, writes } = watchedStore();
    await using api = await startApi('front', { backEnd: store });
    await register(api, 'w1');
    writes.length = 0;
    await api.clock.advance(1);
    await api.post('/workers/w1/jobs/a', reportOf('a'));
    await api.post('/workers/w1/jobs/a', reportOf('a'));
    expect(writes.map((changes) => changes.map(({ type }) => type))).toEqual([
      ['put-worker', 'put-status'],
      // the same millisecond: the worker is known to be online then
      ['put-status'],
    ]);
  });

  test('a write that fails is not acknowledged, leaves nothing behind, and the next one works again', async () => {
    const { store, fail } = watchedStore();
    await using api = await startApi('front', { backEnd: store });
    await register(api, 'w1', 'a');
    const before = await jobsOf(api, 'w1');
    fail(new TypeError('No space left on device'));
    for (const [path, body] of [
      ['/workers', { id: 'w2' }],
      ['/workers/w1/jobs/a', reportOf('a', { status: 'failed' })],
      ['/workers/w1/jobs/a/size', { name: 'a', size: '9T' }],
      ['/workers/w1/schedules', { schedules: [{ name: 'a', next_schedule: '2027-01-01T00:00:00Z' }] }],
      ['/cmd', { cmd: 'disable', mirror_id: 'a', worker_id: 'w1' }],
    ] as const) {
      const { status, json } = await api.post(path, body);
      expect([path, status]).toEqual([path, 500]);
      expect((json as { error: string }).error).toMatch(
        /^cannot write to the store: .*No space left on device/,
      );
    }
    expect((await api.delete('/workers/w1')).status).toBe(500);
    expect(await jobsOf(api, 'w1')).toEqual(before);
    expect(await workersOf(api)).toHaveLength(1);
    // a command whose effect cannot be stored is not sent
    expect(api.sent).toEqual([]);
    fail(undefined);
    expect((await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'failed' }))).status).toBe(200);
    expect(await jobsOf(api, 'w1')).toMatchObject([{ status: 'failed' }]);
  });

  test('reports of one mirror that arrive together build on each other', async () => {
    await using api = await startApi('front');
    await register(api, 'w1');
    const start = api.post('/workers/w1/jobs/a', reportOf('a', { status: 'pre-syncing', size: '1T' }));
    const rest = Array.from({ length: 50 }, (_, n) =>
      api.post('/workers/w1/jobs/a', reportOf('a', { status: n % 2 ? 'success' : 'syncing' })),
    );
    for (const { status, json } of await Promise.all([start, ...rest])) {
      expect(status).toBe(200);
      expect(json).toMatchObject({ size: expect.stringMatching(/^(1T|unknown)$/) });
    }
    expect((await jobsOf(api, 'w1'))[0]?.size).toBe('1T');
  });

  test('defect 20: a registered worker is never unknown, with 32 requests at a time', async () => {
    await using api = await startApi('front');
    await register(api, 'w1');
    const statuses = new Set<number>();
    const one = async (lane: number): Promise<void> => {
      for (let n = 0; n < 30; n++) {
        const posted = await api.post('/workers/w1/jobs/x', reportOf(`mirror-${lane}`, { size: `${n}` }));
        statuses.add(posted.status);
        statuses.add((await api.get('/workers/w1/jobs')).status);
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, lane) => one(lane)));
    expect([...statuses]).toEqual([200]);
    expect((await jobsOf(api, 'w1')).map(({ size }) => size)).toEqual(Array(32).fill('29'));
  });
});
