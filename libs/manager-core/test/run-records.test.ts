import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { toWireTime, type MirrorStatus, type RunRecord } from '@tunasync/protocol';
import { memoryStore, openLevelStore, StoreError } from '@tunasync/store';
import { tempDir } from '@tunasync/test-utils';
import { register, reportOf, startApi, ways, type Api } from './api.js';
import { runOf } from './run-of.js';

const minute = 60_000;
const day = 86_400_000;
const historyOf = async (api: Api, name: string, query = ''): Promise<RunRecord[]> =>
  (await api.get(`/jobs/${name}/history${query}`)).json as RunRecord[];
const idsOf = async (api: Api, name: string, query = ''): Promise<string[]> =>
  (await historyOf(api, name, query)).map(({ id }) => id);
const statusOf = async (api: Api, name = 'a'): Promise<MirrorStatus | undefined> =>
  ((await api.get('/workers/w1/jobs')).json as MirrorStatus[]).find((status) => status.name === name);

describe.each(ways)('records of finished runs, %s', (way) => {
  test('come back newest first, of all workers, with the worker of the path', async () => {
    await using api = await startApi(way);
    const now = api.clock.now();
    await register(api, 'w1', 'a');
    await register(api, 'w2', 'a', 'b');
    expect(await historyOf(api, 'a')).toEqual([]);
    const oldest = runOf('a', now - 3 * minute, {
      worker: 'somebody',
      exit_code: 23,
      result: 'failed',
      reason: 'exit-code',
      error_msg: 'exit status 23',
      files: 7,
      deletions: 2,
      total_bytes: 1.33e12,
    });
    expect(await api.post('/workers/w1/runs', oldest)).toMatchObject({ status: 200, json: {} });
    await api.post('/workers/w2/runs', runOf('a', now - minute, { id: 'newest' }));
    await api.post('/workers/w1/runs', runOf('a', now - 2 * minute, { id: 'middle' }));
    await api.post('/workers/w2/runs', runOf('b', now));
    expect(await idsOf(api, 'a')).toEqual(['newest', 'middle', oldest.id]);
    expect((await historyOf(api, 'a')).at(-1)).toEqual({ ...oldest, worker: 'w1' });
    expect(await idsOf(api, 'a', '?limit=2&other=x')).toEqual(['newest', 'middle']);
    expect(await idsOf(api, 'a', '?limit=1')).toEqual(['newest']);
    expect(await idsOf(api, 'a', '?worker=w1')).toEqual(['middle', oldest.id]);
    expect(await api.get('/jobs/b/history?worker=w1')).toMatchObject({
      status: 404,
      json: { error: "worker 'w1' has no mirror 'b'" },
    });
    expect((await api.get('/jobs/a/history?worker=w9')).status).toBe(400);
  });

  test.each(['0', '-1', '1001', 'all', '1e2', ''])('limit=%s is refused', async (limit) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    expect(await api.get(`/jobs/a/history?limit=${limit}`)).toMatchObject({
      status: 400,
      json: { error: 'limit: expected a whole number from 1 to 1000' },
    });
  });

  test('the newest 50 are answered when nothing is asked for, 1,000 at most', async () => {
    await using api = await startApi(way, { history: { runsPerMirror: 2000 } });
    await register(api, 'w1', 'a');
    const now = api.clock.now();
    const runs = Array.from({ length: 60 }, (_, index) => runOf('a', now - index * minute));
    await Promise.all(runs.map((run) => api.post('/workers/w1/runs', run)));
    expect(await idsOf(api, 'a')).toEqual(runs.slice(0, 50).map(({ id }) => id));
    expect(await idsOf(api, 'a', '?limit=1000')).toEqual(runs.map(({ id }) => id));
  });

  test.each([
    [{ name: '' }, /^name: /],
    [{ name: 'a/b' }, /^mirror name should not contain/],
    [{ id: '' }, /^id: /],
    [{ id: 'x'.repeat(201) }, /^id: /],
    [{ ended: undefined }, /^ended: expected when the run ended/],
    [{ ended: 'noon' }, /^ended: expected a time/],
    [{ result: 'great' }, /^result: expected one of/],
    [{ bytes_transferred: -1 }, /^bytes_transferred: /],
    [{ attempts: 1.5 }, /^attempts: /],
  ])('%j is refused and not kept', async (fields, error) => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const answer = await api.post('/workers/w1/runs', { ...runOf('a', api.clock.now()), ...fields });
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(error) } });
    expect(await historyOf(api, 'a')).toEqual([]);
  });

  test('the same id twice changes nothing, also at the same time', async () => {
    await using api = await startApi(way);
    await register(api, 'w1', 'a');
    const run = runOf('a', api.clock.now(), { result: 'failed' });
    const again = { ...run, ended: new Date(api.clock.now() + minute).toISOString(), size: '9T' };
    const answers = await Promise.all(
      [run, run, again, run, again].map((body) => api.post('/workers/w1/runs', body)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await historyOf(api, 'a')).toHaveLength(1);
    expect(await statusOf(api)).toMatchObject({ total_transferred_bytes: 100, consecutive_failures: 1 });
    // another mirror, and another worker, may use it, too
    await register(api, 'w2', 'a');
    await api.post('/workers/w2/runs', run);
    await api.post('/workers/w1/runs', { ...run, name: 'b' });
    expect(await historyOf(api, 'a')).toHaveLength(2);
    expect(await historyOf(api, 'b')).toHaveLength(1);
  });
});

describe('what a status tells of its runs', () => {
  test('counts bytes and failures; zero is left out, and reports keep it', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    let ended = api.clock.now();
    const run = async (fields: Partial<RunRecord>): Promise<MirrorStatus | undefined> => {
      await api.post('/workers/w1/runs', runOf('a', (ended += minute), fields));
      return statusOf(api);
    };
    const before = await statusOf(api);
    expect(Object.keys(before ?? {})).not.toContain('consecutive_failures');
    expect(await run({ result: 'failed', reason: 'exit-code', bytes_transferred: 5 })).toEqual({
      ...before,
      last_transferred_bytes: 5,
      total_transferred_bytes: 5,
      consecutive_failures: 1,
    });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'failed', error_msg: 'x' }));
    expect(await run({ result: 'failed', bytes_transferred: undefined })).toMatchObject({
      error_msg: 'x',
      total_transferred_bytes: 5,
      consecutive_failures: 2,
    });
    expect(await statusOf(api)).not.toHaveProperty('last_transferred_bytes');
    // neither is a failure of the mirror
    expect(await run({ result: 'killed' })).toMatchObject({ consecutive_failures: 2 });
    expect(await run({ result: 'failed', reason: 'upstream-refused' })).toMatchObject({
      consecutive_failures: 2,
    });
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'syncing' }));
    expect(await statusOf(api)).toMatchObject({ consecutive_failures: 2, total_transferred_bytes: 205 });
    const after = await run({ bytes_transferred: 1 });
    expect(after).toMatchObject({ last_transferred_bytes: 1, total_transferred_bytes: 206 });
    expect(after).not.toHaveProperty('consecutive_failures');
    expect((await api.get('/jobs/a')).json).toEqual([after]);
  });

  test('a run that is older than one that is known adds its bytes only', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const now = api.clock.now();
    await api.post('/workers/w1/runs', runOf('a', now, { bytes_transferred: 7 }));
    await api.post('/workers/w1/runs', runOf('a', now - minute, { result: 'failed', bytes_transferred: 9 }));
    const status = await statusOf(api);
    expect(status).toMatchObject({ last_transferred_bytes: 7, total_transferred_bytes: 16 });
    expect(status).not.toHaveProperty('consecutive_failures');
  });

  test('a clock that was far ahead for a while hides no later run: what ends in the future ends now', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const now = api.clock.now();
    await api.post('/workers/w1/runs', runOf('a', now + 365 * day, { id: 'ahead' }));
    await api.clock.advance(minute);
    await api.post('/workers/w1/runs', runOf('a', now + minute, { id: 'later', result: 'failed' }));
    expect(await statusOf(api)).toMatchObject({ consecutive_failures: 1 });
    const runs = await historyOf(api, 'a');
    expect(runs.map(({ id }) => id)).toEqual(['later', 'ahead']);
    // it took as long as it did
    expect(runs[1]).toMatchObject({ started: toWireTime(now - minute), ended: toWireTime(now) });
  });

  test('a run makes the worker online now; GET /jobs does not change by it', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const jobs = (await api.get('/jobs')).bytes.toString();
    await api.clock.advance(minute);
    await api.post('/workers/w1/runs', runOf('a', api.clock.now()));
    const registered = api.clock.now() - minute;
    expect((await api.get('/workers')).json).toMatchObject([
      { last_online: new Date(registered + minute).toISOString().replace('.000', '') },
    ]);
    expect((await api.get('/jobs')).bytes.toString()).toBe(jobs);
  });

  test('texts without end are cut', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    const long = 'x'.repeat(100_000);
    const texts = { error_msg: long, reason: long, size: long, log_file: long };
    await api.post('/workers/w1/runs', runOf('a', api.clock.now(), texts));
    const [run] = await historyOf(api, 'a');
    const lengths = [run?.error_msg, run?.reason, run?.size, run?.log_file].map((text) => text?.length);
    expect(lengths).toEqual([4096, 4096, 4096, 4096]);
  });
});

describe('retention', () => {
  test('more runs of a mirror than are kept push the oldest out at once', async () => {
    await using api = await startApi('front', { history: { runsPerMirror: 3 } });
    await register(api, 'w1', 'a', 'b');
    await register(api, 'w2', 'a');
    const now = api.clock.now();
    await api.post('/workers/w2/runs', runOf('a', now - 100 * minute, { id: 'other worker' }));
    for (const age of [5, 3, 4, 1, 2]) {
      await api.post('/workers/w1/runs', runOf('a', now - age * minute, { id: String(age) }));
    }
    expect(await idsOf(api, 'a')).toEqual(['1', '2', '3', 'other worker']);
    // older than all that are kept: acknowledged, and forgotten
    expect((await api.post('/workers/w1/runs', runOf('a', now - 9 * minute, { id: '9' }))).status).toBe(200);
    expect(await idsOf(api, 'a')).toEqual(['1', '2', '3', 'other worker']);
  });

  test('runs that are too old, or too many since the limit was lowered, go with the chore', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'db');
    const open = (history: object): Promise<Api> =>
      openLevelStore(path, { logger: nullLogger }).then((backEnd) => startApi('front', { backEnd, history }));
    {
      await using api = await open({ runsPerMirror: 2000 });
      await register(api, 'w1', 'a', 'b');
      const now = api.clock.now();
      const runs = Array.from({ length: 700 }, (_, index) =>
        runOf('a', now - index * minute, { worker: 'w1' }),
      );
      await api.store.write(runs.map((run) => ({ type: 'put-run', run })));
      await api.post('/workers/w1/runs', runOf('a', now + 1, { id: 'newest' }));
      await api.post('/workers/w1/runs', runOf('b', now - 10 * day, { id: 'old' }));
      await api.post('/workers/w1/runs', runOf('b', now - 9 * day, { id: 'younger' }));
      expect(await api.app.pruneHistory()).toBe(0);
    }
    await using api = await open({ runsPerMirror: 10, days: 9.5 });
    expect(await idsOf(api, 'a', '?limit=1000')).toHaveLength(701);
    expect(await api.app.pruneHistory()).toBe(692);
    expect(await idsOf(api, 'a', '?limit=1000')).toHaveLength(10);
    expect(await idsOf(api, 'b')).toEqual(['younger']);
    expect(await api.app.pruneHistory()).toBe(0);
    // one that is too old already is not kept
    await api.post('/workers/w1/runs', runOf('b', api.clock.now() - 20 * day));
    expect(await idsOf(api, 'b')).toEqual(['younger']);
  });

  test('a deleted worker takes its runs with it, also those of mirrors that were flushed', async () => {
    await using api = await startApi();
    await register(api, 'w1', 'a');
    await register(api, 'w2', 'a');
    await api.post('/workers/w1/runs', runOf('a', api.clock.now(), { id: 'first' }));
    await api.post('/workers/w2/runs', runOf('a', api.clock.now(), { id: 'second' }));
    await api.post('/workers/w1/jobs/a', reportOf('a', { status: 'disabled' }));
    await api.delete('/jobs/disabled');
    expect(await idsOf(api, 'a')).toHaveLength(2);
    await api.delete('/workers/w1');
    expect(await idsOf(api, 'a')).toEqual(['second']);
    await register(api, 'w1');
    expect(await idsOf(api, 'a')).toEqual(['second']);
  });
});

describe('when the database cannot be written', () => {
  test('a run is not acknowledged and leaves nothing behind; sent again it is kept', async () => {
    const store = memoryStore();
    const write = store.write.bind(store);
    await using api = await startApi('front', { backEnd: store });
    await register(api, 'w1', 'a');
    const before = await statusOf(api);
    const run = runOf('a', api.clock.now());
    store.write = () =>
      Promise.reject(new StoreError('STORE_WRITE_FAILED', 'cannot write: No space left on device'));
    const answer = await api.post('/workers/w1/runs', run);
    expect(answer).toMatchObject({ status: 500, json: { error: 'cannot write: No space left on device' } });
    expect(await statusOf(api)).toEqual(before);
    expect(await historyOf(api, 'a')).toEqual([]);
    // what is in memory only goes on
    expect((await api.post('/workers/w1/heartbeat', { version: '1' })).status).toBe(200);
    store.write = write;
    expect((await api.post('/workers/w1/runs', run)).status).toBe(200);
    expect(await idsOf(api, 'a')).toEqual([run.id]);
    expect(await statusOf(api)).toMatchObject({ total_transferred_bytes: 100 });
  });

  test('a worker that is deleted while its run is looked at gets no run', async () => {
    const store = memoryStore();
    const listRunKeys = store.listRunKeys.bind(store);
    await using api = await startApi('front', { backEnd: store });
    await register(api, 'w1', 'a');
    store.listRunKeys = async (mirror) => {
      const keys = await listRunKeys(mirror);
      await api.delete('/workers/w1');
      return keys;
    };
    expect(await api.post('/workers/w1/runs', runOf('a', api.clock.now()))).toMatchObject({
      status: 400,
      json: { error: 'invalid workerID w1' },
    });
    expect(await store.listRunMirrors()).toEqual([]);
  });
});
