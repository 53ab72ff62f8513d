import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { toWireTime, zeroTime, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import { CachedStore, memoryStore, StoreError, type StoreChange } from '@tunasync/store';
import { reservePort } from '@tunasync/test-utils';
import { importManager, type ImportResult } from '../src/index.js';
import { register, reportOf, startApi, type Api } from './api.js';
import { recordedOriginal } from './recorded-original.js';
import { runOf } from './run-of.js';

const openStore = (): Promise<CachedStore> => CachedStore.open(memoryStore());
const sorted = <T extends { name?: string }>(list: readonly T[]): T[] =>
  [...list].sort((one, other) => ((one.name ?? '') < (other.name ?? '') ? -1 : 1));
const counts = ({ workers, mirrors, runs }: ImportResult): unknown =>
  [workers, mirrors, runs].map((each) => each && [each.added, each.updated, each.unchanged]);

/** A server that answers these paths with these values, and everything else with 404. */
async function serve(answers: Record<string, unknown>) {
  const server = createServer((request, response) => {
    const value = answers[request.url ?? ''];
    response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(
      value === undefined ? '404 page not found' : typeof value === 'string' ? value : JSON.stringify(value),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const worker = (id: string, fields: Partial<WorkerStatus> = {}): WorkerStatus => ({
  id,
  url: `http://${id}.example:6000/`,
  token: 'REDACTED',
  last_online: '2026-11-23T12:00:00.5+08:00',
  last_register: '2026-11-23T10:00:00.123456789+08:00',
  ...fields,
});
const status = (name: string, fields: Partial<MirrorStatus> = {}): MirrorStatus =>
  reportOf(name, {
    last_started: '2026-11-23T02:00:00.1Z',
    last_ended: '2026-11-23T03:00:00.1Z',
    last_update: '2026-11-23T03:00:00.1Z',
    next_schedule: '2026-11-24T03:00:00Z',
    size: '1.33T',
    ...fields,
  });

describe('from the original', () => {
  test('workers and statuses come as they are, without tokens; there is no history', async () => {
    await using original = await recordedOriginal(31, 32);
    const store = await openStore();
    const result = await importManager({ url: `${original.url}/`, store });
    const [workerThere] = original.body(32) as WorkerStatus[];
    const statusesThere = original.body(31) as MirrorStatus[];
    expect(store.workers()).toEqual([{ ...workerThere, token: '' }]);
    expect(sorted(store.statuses())).toEqual(sorted(statusesThere));
    expect(result).toMatchObject({ address: original.url, skipped: [], runs: undefined });
    expect(counts(result)).toEqual([[1, 0, 0], [statusesThere.length, 0, 0], undefined]);

    expect(counts(await importManager({ url: original.url, store }))).toEqual([
      [0, 0, 1],
      [0, 0, statusesThere.length],
      undefined,
    ]);
    // one question about runs is enough to know that it keeps none
    expect(original.asked.filter((what) => what.includes('/history'))).toHaveLength(2);
  });

  test('null for an empty list', async () => {
    await using empty = await recordedOriginal(86);
    const store = await openStore();
    expect(counts(await importManager({ url: empty.url, store }))).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    await using fresh = await recordedOriginal(2, 32);
    expect(counts(await importManager({ url: fresh.url, store }))).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('what the original keeps and cannot be kept is left out and told', async () => {
    await using source = await serve({
      '/workers': [worker('w1', { url: 'ftp://x' }), worker('a\u0000b')],
      '/workers/w1/jobs': [status(''), status('a/b'), status('ok')],
      '/workers/a%00b/jobs': [status('x')],
    });
    const store = await openStore();
    const result = await importManager({ url: source.url, store });
    expect(result.skipped).toEqual([
      `mirror "" of worker "w1": its name should not be empty`,
      `mirror "a/b" of worker "w1": its name should not contain '/' nor be '.' or '..'`,
      String.raw`worker "a\u0000b": its id should not contain control characters`,
    ]);
    expect(store.statuses().map(({ name }) => name)).toEqual(['ok']);
    // it cannot be commanded until it registers
    expect(store.workers()).toMatchObject([{ id: 'w1', url: '' }]);
  });
});

describe('from one of ours', () => {
  async function ours(): Promise<Api> {
    const api = await startApi();
    await register(api, 'w1', 'a', 'b');
    await register(api, 'w2', 'a');
    const now = api.clock.now();
    for (let age = 0; age < 5; age++) await api.post('/workers/w1/runs', runOf('a', now - age * 1000));
    await api.post('/workers/w2/runs', runOf('a', now, { id: 'other' }));
    return api;
  }

  test('finished runs come, too, and the extension fields', async () => {
    await using api = await ours();
    const store = await openStore();
    expect(counts(await importManager({ url: api.url, store, clock: api.clock }))).toEqual([
      [2, 0, 0],
      [3, 0, 0],
      [6, 0, 0],
    ]);
    expect(store.status('w1', 'a')).toEqual(api.store.status('w1', 'a'));
    expect(store.status('w1', 'a')).toMatchObject({ total_transferred_bytes: 500 });
    for (const key of [
      { worker: 'w1', name: 'a' },
      { worker: 'w2', name: 'a' },
    ]) {
      expect(await store.listRuns(key, 100)).toEqual(await api.store.listRuns(key, 100));
    }
    expect(store.worker('w1')?.token).toBe('');
    await api.post('/workers/w1/runs', runOf('a', api.clock.now() + 1000));
    expect(counts(await importManager({ url: api.url, store, clock: api.clock }))).toEqual([
      [0, 0, 2],
      // its status tells of the new run; as nobody else told of the worker here it is taken
      [0, 1, 2],
      [1, 0, 6],
    ]);
  });

  test('no more runs than are kept: the newest', async () => {
    await using api = await ours();
    const store = await openStore();
    const result = await importManager({
      url: api.url,
      store,
      history: { runsPerMirror: 2 },
      clock: api.clock,
    });
    expect(counts(result)).toMatchObject([{}, {}, [3, 0, 3]]);
    expect((await store.listRuns({ worker: 'w1', name: 'a' }, 9)).map(({ ended }) => ended)).toEqual(
      [0, 1000].map((age) => new Date(api.clock.now() - age).toISOString()),
    );
  });

  test('no runs that are too old to be kept, again and again', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const day = 86_400_000;
    const now = api.clock.now();
    for (const age of [1, 29, 31, 80]) await api.post('/workers/w1/runs', runOf('a', now - age * day));
    const store = await openStore();
    const options = { url: api.url, store, history: { days: 30 }, clock: api.clock };
    expect((await importManager(options)).runs).toEqual({ added: 2, updated: 0, unchanged: 2 });
    expect((await importManager(options)).runs).toEqual({ added: 0, updated: 0, unchanged: 4 });
  });

  test('without the routes beyond the contract there is no history', async () => {
    await using api = await startApi('front', { extensions: false });
    await register(api, 'w1', 'a');
    expect(counts(await importManager({ url: api.url, store: await openStore() }))).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      undefined,
    ]);
  });

  test('a worker that registers here afterwards keeps its schedule and its stopped mirrors', async () => {
    await using from = await startApi();
    await register(from, 'w1', 'a', 'b');
    const next_schedule = '2026-11-24T00:00:00Z';
    await from.post('/workers/w1/schedules', { schedules: [{ name: 'a', next_schedule }] });
    await from.post('/cmd', { cmd: 'stop', mirror_id: 'b', worker_id: 'w1' });
    const backEnd = memoryStore();
    const before = (await from.get('/workers/w1/jobs')).json;
    await importManager({ url: from.url, store: await CachedStore.open(backEnd) });

    await using to = await startApi('front', { backEnd });
    await to.post('/workers', { id: 'w1', url: 'http://w1.example:6000/', token: 'new' });
    const jobs = (await to.get('/workers/w1/jobs')).json as MirrorStatus[];
    expect(jobs).toEqual(before);
    expect(jobs).toMatchObject([
      { name: 'a', next_schedule, last_update: toWireTime(from.clock.now()) },
      { name: 'b', status: 'paused' },
    ]);
    // what it reported before it was stopped does not undo that here either
    const late = reportOf('b', {
      status: 'success',
      last_ended: jobs[1]!.last_ended,
      last_started: zeroTime,
    });
    expect((await to.post('/workers/w1/jobs/b', late)).json).toMatchObject({ status: 'paused' });
  });
});

describe('what is here already', () => {
  const source = () =>
    serve({
      '/workers': [worker('w1')],
      '/workers/w1/jobs': [status('a'), status('b'), status('c')],
    });

  test('stays when it is newer, also at the same instant once the worker registered here', async () => {
    await using from = await source();
    const store = await openStore();
    const local = worker('w1', {
      token: 'mine',
      last_register: '2026-11-23T03:30:00Z',
      url: 'http://moved.example/',
    });
    const newer = status('a', { last_started: '2026-11-23T04:00:00Z', status: 'syncing' });
    const same = status('b', { status: 'disabled' });
    const older = status('c', {
      last_ended: '2026-11-22T00:00:00Z',
      last_update: zeroTime,
      last_started: zeroTime,
    });
    await store.write([
      { type: 'put-worker', worker: local },
      ...[newer, same, older].map((each): StoreChange => ({ type: 'put-status', status: each })),
    ]);
    const result = await importManager({ url: from.url, store });
    expect(counts(result)).toMatchObject([
      [0, 0, 1],
      [0, 1, 2],
    ]);
    expect(store.worker('w1')).toEqual(local);
    expect(sorted(store.statuses())).toEqual([newer, same, status('c')]);
  });

  test('is brought up to date as long as nobody else told of the worker', async () => {
    await using from = await source();
    const store = await openStore();
    await importManager({ url: from.url, store });
    // stopped there meanwhile: no time of it changes
    from.answers['/workers/w1/jobs'] = [
      status('a', { status: 'paused' }),
      status('b'),
      status('c', { size: '2T' }),
    ];
    from.answers['/workers'] = [worker('w1', { last_online: '2026-11-23T13:00:00+08:00' })];
    expect(counts(await importManager({ url: from.url, store }))).toMatchObject([
      [0, 1, 0],
      [0, 2, 1],
    ]);
    expect(store.status('w1', 'a')?.status).toBe('paused');
    expect(store.worker('w1')?.last_online).toBe('2026-11-23T13:00:00+08:00');
    from.answers['/workers/w1/jobs'] = [
      status('a', { last_started: '2026-11-23T05:00:00Z', status: 'syncing' }),
    ];
    await importManager({ url: from.url, store });
    expect(store.status('w1', 'a')?.status).toBe('syncing');
    expect(await store.listStops()).toEqual([]);
  });

  test('a stop that was given here is not undone', async () => {
    await using from = await source();
    const store = await openStore();
    await importManager({ url: from.url, store });
    await store.write([
      { type: 'put-status', status: status('a', { status: 'disabled' }) },
      { type: 'put-stop', stop: { worker: 'w1', name: 'a', at: Date.parse('2026-11-23T05:00:00Z') } },
    ]);
    expect(counts(await importManager({ url: from.url, store }))).toMatchObject([
      [0, 0, 1],
      [0, 0, 3],
    ]);
    from.answers['/workers/w1/jobs'] = [status('a', { last_ended: '2026-11-23T04:59:00Z' })];
    await importManager({ url: from.url, store });
    expect(store.status('w1', 'a')?.status).toBe('disabled');
  });

  test('a worker that registered there later is taken with its URL; the token here stays', async () => {
    await using from = await source();
    const store = await openStore();
    const local = worker('w1', {
      token: 'mine',
      last_register: '2026-11-22T00:00:00Z',
      url: 'http://old.example/',
    });
    await store.write([{ type: 'put-worker', worker: local }]);
    expect(counts(await importManager({ url: from.url, store }))).toMatchObject([[0, 1, 0], {}]);
    expect(store.worker('w1')).toEqual({ ...worker('w1'), token: 'mine' });
  });
});

describe('when it fails', () => {
  test.each([
    [
      'is not a manager',
      { '/workers': '<html>' },
      /^cannot import: http:\/\/[\d.:]+\/workers gave an invalid answer: .*; is it the address of a tunasync manager\?$/,
    ],
    [
      'has no such paths',
      {},
      /^cannot import: http:\/\/[\d.:]+\/workers answered 404: 404 page not found; is it the address/,
    ],
    [
      'knows a worker whose mirrors it does not tell',
      { '/workers': [worker('w1'), worker('w2')], '/workers/w1/jobs': [status('a')] },
      /^cannot import: http:\/\/[\d.:]+\/workers\/w2\/jobs answered 404/,
    ],
    [
      'tells of a status that is none',
      { '/workers': [worker('w1')], '/workers/w1/jobs': [{ name: 'a', status: 'dancing' }] },
      /jobs gave an invalid answer: 0\.status/,
    ],
  ])('a server that %s: nothing is written', async (_, answers, message) => {
    await using from = await serve(answers);
    const store = await openStore();
    await expect(importManager({ url: from.url, store })).rejects.toMatchObject({
      code: 'IMPORT_FAILED',
      message: expect.stringMatching(message),
    });
    expect([store.workers(), store.statuses()]).toEqual([[], []]);
  });

  test('nobody listens; the URL is none', async () => {
    const store = await openStore();
    const url = `http://user:hunter2@127.0.0.1:${await reservePort()}`;
    const failure: unknown = await importManager({ url, store }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'IMPORT_FAILED',
      message: expect.stringMatching(/^cannot import: cannot reach http:\/\/127/),
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hunter2');
    await expect(importManager({ url: 'nonsense', store })).rejects.toMatchObject({
      code: 'CLIENT_OPTIONS_INVALID',
    });
  });

  test('a database that fails in the middle keeps whole workers; done again it is complete', async () => {
    await using from = await serve({
      '/workers': [worker('w1'), worker('w2')],
      '/workers/w1/jobs': [status('a'), status('b')],
      '/workers/w2/jobs': [status('a')],
    });
    const backEnd = memoryStore();
    const write = backEnd.write.bind(backEnd);
    let left = 1;
    backEnd.write = (changes) =>
      left-- > 0
        ? write(changes)
        : Promise.reject(new StoreError('STORE_WRITE_FAILED', 'No space left on device'));
    const store = await CachedStore.open(backEnd);
    await expect(importManager({ url: from.url, store })).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
    });
    expect((await backEnd.listWorkers()).map(({ id }) => id)).toEqual(['w1']);
    expect(await backEnd.listStatuses('w1')).toHaveLength(2);
    expect(await backEnd.listStatuses('w2')).toEqual([]);
    left = 100;
    expect(counts(await importManager({ url: from.url, store }))).toMatchObject([
      [1, 0, 1],
      [1, 0, 2],
    ]);
  });

  test('a manager that goes away while its runs are asked for', async () => {
    await using from = await startApi();
    await register(from, 'w1', 'a', 'b');
    await from.post('/workers/w1/runs', runOf('a', from.clock.now()));
    const store = await openStore();
    const write = store.write.bind(store);
    store.write = async (changes) => {
      await write(changes);
      if (changes.some(({ type }) => type === 'put-run')) await from[Symbol.asyncDispose]();
    };
    await expect(importManager({ url: from.url, store })).rejects.toMatchObject({ code: 'IMPORT_FAILED' });
    expect(store.statuses()).toHaveLength(2);
    expect(await store.listRuns({ worker: 'w1', name: 'a' }, 9)).toHaveLength(1);
  });
});
