import { describe, expect, test } from '@jest/globals';
import { toWireTime, zeroTime, type ApiJob, type MirrorStatus } from '@tunasync/protocol';
import { memoryStore } from '@tunasync/store';
import { register, reportOf, startApi, ways, type Api } from './api.js';

const hour = 3_600_000;
const after = { stale_after: 2 * 3600 };

async function report(api: Api, name: string, fields: Partial<MirrorStatus>): Promise<void> {
  expect(await api.post(`/workers/w1/jobs/${name}`, reportOf(name, fields))).toMatchObject({ status: 200 });
}
const jobOf = async (api: Api, name: string): Promise<ApiJob> =>
  (await api.get(`/api/jobs/w1/${name}`)).json as ApiJob;

describe.each(ways)('a mirror without a success for longer than it allows, %s', (way) => {
  test('is stale wherever it is told of, but in GET /jobs, and no more once it has succeeded', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const shown = async (): Promise<unknown[]> => {
      const job = await jobOf(api, 'a');
      const [byName] = (await api.get('/jobs/a')).json as MirrorStatus[];
      const [ofWorker] = (await api.get('/workers/w1/jobs')).json as MirrorStatus[];
      const [web] = (await api.get('/jobs')).json as object[];
      const { states } = (await api.get('/api/jobs')).json as { states: Record<string, number> };
      expect(web).not.toHaveProperty('stale');
      expect(web).not.toHaveProperty('stale_after');
      expect(byName?.stale_after).toBe(7200);
      return [job.state, job.stale, byName?.stale, ofWorker?.stale, states['stale']];
    };
    await report(api, 'a', after);
    expect(await shown()).toEqual(['success', undefined, undefined, undefined, 0]);
    await api.clock.advance(2 * hour - 1);
    expect(await shown()).toEqual(['success', undefined, undefined, undefined, 0]);
    await api.clock.advance(1);
    expect(await shown()).toEqual(['stale', true, true, true, 1]);
    await report(api, 'a', { ...after, status: 'failed' });
    expect(await shown()).toEqual(['failed', true, true, true, 0]);
    await report(api, 'a', after);
    expect(await shown()).toEqual(['success', undefined, undefined, undefined, 0]);
  });

  test('is not stale while nobody expects anything of it', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    for (const status of ['paused', 'disabled'] as const) {
      await report(api, status, { ...after, status, last_update: toWireTime(1000) });
      expect(await jobOf(api, status)).toMatchObject({ state: status });
      expect(await jobOf(api, status)).not.toHaveProperty('stale');
    }
  });

  test('that never succeeded is judged by when it was first known', async () => {
    await using early = await startApi(way);
    await register(early, 'w1');
    await report(early, 'a', { ...after, status: 'failed' });
    await early.clock.advance(hour);
    // trying again does not make it any better
    await report(early, 'a', { ...after, status: 'pre-syncing' });
    await report(early, 'a', { ...after, status: 'failed' });
    expect(await jobOf(early, 'a')).not.toHaveProperty('stale');
    await early.clock.advance(hour);
    expect(await jobOf(early, 'a')).toMatchObject({ state: 'failed', stale: true });
  });

  test('that never succeeded is known to a manager that has just started by its last start', async () => {
    const backEnd = memoryStore();
    await using early = await startApi(way, { backEnd });
    await register(early, 'w1');
    const last_started = toWireTime(early.clock.now() - hour);
    await early.store.write([
      { type: 'put-status', status: reportOf('a', { ...after, status: 'failed', last_started }) },
    ]);
    await using api = await startApi(way, { backEnd });
    await api.clock.advance(hour - 1);
    expect(await jobOf(api, 'a')).not.toHaveProperty('stale');
    await api.clock.advance(1);
    expect(await jobOf(api, 'a')).toMatchObject({ stale: true });
  });

  test('of a worker that does not tell when it is stale, is stale when that worker says so', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    await report(api, 'a', { stale: true });
    expect(await jobOf(api, 'a')).toMatchObject({ state: 'stale', stale: true });
    await report(api, 'a', {});
    await api.clock.advance(1000 * hour);
    expect(await jobOf(api, 'a')).toMatchObject({ state: 'success' });
    await report(api, 'a', { stale: true, ...after });
    expect(await jobOf(api, 'a')).not.toHaveProperty('stale');
    // an older version took over
    await report(api, 'a', {});
    expect((await api.get('/jobs/a')).json).not.toMatchObject([{ stale_after: 7200 }]);
    await report(api, 'a', { stale_after: 0 });
    expect(((await api.get('/jobs/a')).json as object[])[0]).not.toHaveProperty('stale_after');
  });
});

test('what a worker says itself of stale does not hold where the manager can tell, on any route', async () => {
  await using api = await startApi();
  await register(api, 'w1');
  await report(api, 'a', { stale: true, ...after });
  await report(api, 'b', { stale: true, status: 'paused' });
  for (const path of ['/api/jobs/w1/a', '/api/jobs/w1/b'])
    expect((await api.get(path)).json).not.toHaveProperty('stale');
  for (const path of ['/jobs/a', '/jobs/b', '/workers/w1/jobs']) {
    for (const status of (await api.get(path)).json as object[]) expect(status).not.toHaveProperty('stale');
  }
  await api.clock.advance(2 * hour);
  expect((await api.get('/jobs/a')).json).toMatchObject([{ stale: true }]);
});

test('a manager without extensions calls nothing stale', async () => {
  await using api = await startApi('front', { extensions: false });
  await register(api, 'w1');
  await report(api, 'a', { ...after, last_update: zeroTime });
  await api.clock.advance(100 * hour);
  expect(((await api.get('/workers/w1/jobs')).json as object[])[0]).not.toHaveProperty('stale');
});
