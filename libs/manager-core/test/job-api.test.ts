import { describe, expect, test } from '@jest/globals';
import {
  apiJobSchema,
  apiJobsSchema,
  toWireTime,
  type ApiJobs,
  type ApiWorker,
  type MirrorStatus,
} from '@tunasync/protocol';
import { register, reportOf, startApi, ways, type Api } from './api.js';

async function report(api: Api, worker: string, name: string, fields: Partial<MirrorStatus>): Promise<void> {
  await api.post(`/workers/${worker}/jobs/${name}`, reportOf(name, fields));
}

/** Seven jobs at two workers. */
async function fill(api: Api): Promise<void> {
  await register(api, 'w1', 'alpine', 'debian');
  await register(api, 'w2', 'debian', 'ubuntu');
  const hour = 3_600_000;
  const at = (ms: number): string => toWireTime(api.clock.now() + ms);
  await report(api, 'w1', 'late', { next_schedule: at(-hour) });
  await report(api, 'w2', 'next', { next_schedule: at(hour) });
  await report(api, 'w1', 'debian', { status: 'syncing' });
  await report(api, 'w2', 'ubuntu', { status: 'failed', error_msg: 'exit status 23 <b>' });
  await report(api, 'w2', 'old', { status: 'disabled' });
}

const find = async (api: Api, query = ''): Promise<ApiJobs> => {
  const { status, json } = await api.get(`/api/jobs${query}`);
  expect([query, status]).toEqual([query, 200]);
  expect(apiJobsSchema.parse(json)).toEqual(json);
  return json as ApiJobs;
};
const names = ({ jobs }: ApiJobs): string[] => jobs.map(({ worker, name }) => `${worker}/${name}`);

describe.each(ways)('jobs, %s', (way) => {
  test('come worst first: failed, running, overdue, rest', async () => {
    await using api = await startApi(way);
    expect(await find(api)).toMatchObject({ total: 0, jobs: [] });
    await fill(api);
    const found = await find(api);
    expect(names(found)).toEqual([
      'w2/ubuntu',
      'w1/debian',
      'w1/late',
      'w1/alpine',
      'w2/debian',
      'w2/next',
      'w2/old',
    ]);
    expect(found.total).toBe(7);
    expect(found.counts).toEqual({
      none: 0,
      failed: 1,
      success: 4,
      syncing: 1,
      'pre-syncing': 0,
      paused: 0,
      disabled: 1,
    });
    expect(found.jobs[0]).toMatchObject({ status: 'failed', error_msg: 'exit status 23 <b>' });
  });

  test('are filtered, sorted and cut into pages; the counts are those of the other filters', async () => {
    await using api = await startApi(way);
    await fill(api);
    const filtered = await find(api, '?q=DEB&status=success,failed');
    expect([names(filtered), filtered.total, filtered.counts.syncing]).toEqual([['w2/debian'], 1, 1]);
    expect(names(await find(api, '?worker=w1&sort=name&order=desc'))).toEqual([
      'w1/late',
      'w1/debian',
      'w1/alpine',
    ]);
    expect(names(await find(api, '?q=upstream.example/ubuntu'))).toEqual(['w2/ubuntu']);
    const page = await find(api, '?sort=name&offset=1&limit=2');
    expect([names(page), page.total]).toEqual([['w1/debian', 'w2/debian'], 7]);
    expect(names(await find(api, '?sort=next_schedule&order=desc&limit=1'))).toEqual(['w2/next']);
    expect(await find(api, '?offset=100')).toMatchObject({ total: 7, jobs: [] });
    expect(names(await find(api, '?worker=nobody'))).toEqual([]);
  });

  test('are sorted by how long they ran and how large they are; what is not known comes last in both orders', async () => {
    await using api = await startApi(way);
    const at = (ms: number): string => toWireTime(api.clock.now() + ms);
    const ran = (seconds: number): Partial<MirrorStatus> => ({
      last_started: at(-seconds * 1000),
      last_ended: at(0),
      last_update: at(0),
    });
    const statuses = [
      reportOf('short', { ...ran(5), size: '1.5G' }),
      reportOf('long', { ...ran(500), size: '900 MB' }),
      reportOf('middle', { ...ran(50), size: '1,024k' }),
      reportOf('never', { status: 'none' }),
      // its last run is not over
      reportOf('again', { last_started: at(0), last_ended: at(-1000), size: 'junk' }),
    ];
    await register(api, 'w1');
    await api.store.write(statuses.map((status) => ({ type: 'put-status', status }) as const));
    const order = async (query: string): Promise<string> =>
      (await find(api, `?sort=${query}`)).jobs.map(({ name }) => name).join(' ');
    expect(await order('duration')).toBe('short middle long again never');
    expect(await order('duration&order=desc')).toBe('long middle short again never');
    expect(await order('duration&order=desc&limit=1&offset=1')).toBe('middle');
    expect(await order('size')).toBe('middle long short again never');
    expect(await order('size&order=desc')).toBe('short long middle again never');
    expect(await order('last_ended')).toBe('again long middle short never');
    expect(await order('last_ended&order=desc&limit=4')).toBe('long middle short again');
    expect(await order('next_schedule&order=desc')).toBe('again long middle never short');
  });

  test('every page is cut out of the same order', async () => {
    await using api = await startApi(way);
    const names = Array.from({ length: 60 }, (_, n) => `m${String((n * 37) % 60).padStart(2, '0')}`);
    for (const id of ['w2', 'w1']) await register(api, id);
    await api.store.write(
      names.map((name, n) => {
        const worker = n % 3 === 0 ? 'w1' : 'w2';
        const status = n % 4 === 0 ? 'failed' : 'success';
        const fields = { status, consecutive_failures: (n * 7) % 5 } as const;
        return { type: 'put-status', status: { ...reportOf(name, fields), worker } };
      }),
    );
    for (const sort of ['attention', 'name', 'worker', 'status', 'failures', 'size', 'last_update']) {
      for (const order of ['asc', 'desc']) {
        const query = `?sort=${sort}&order=${order}`;
        const whole = await find(api, `${query}&limit=1000`);
        const pages = [];
        for (const offset of [0, 7, 14, 21, 28, 35, 42, 49, 56]) {
          pages.push(...(await find(api, `${query}&limit=7&offset=${offset}`)).jobs);
        }
        expect([query, pages]).toEqual([query, whole.jobs]);
        expect(whole.jobs).toHaveLength(60);
      }
    }
  });

  test('are found by what pages call their state', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    const long = toWireTime(api.clock.now() - 3_600_000);
    const old = { last_update: long, last_ended: long };
    await api.store.write(
      [
        reportOf('stale', { ...old, stale_after: 60 }),
        reportOf('fine', { ...old }),
        reportOf('held', { ...old }),
        reportOf('hooks', { status: 'pre-syncing' }),
        reportOf('broken', { ...old, status: 'failed', stale_after: 60 }),
      ].map((status) => ({ type: 'put-status', status }) as const),
    );
    await api.post('/workers/w1/heartbeat', {
      waits: { held: { for: 'slot' }, fine: { for: 'blackout' }, broken: { for: 'slot' } },
    });
    expect(names(await find(api, '?state=stale'))).toEqual(['w1/stale']);
    expect(names(await find(api, '?state=waiting&sort=name'))).toEqual(['w1/held', 'w1/hooks']);
    const found = await find(api, '?state=success,failed&sort=name&q=w');
    expect(found.total).toBe(0);
    const all = await find(api, '?state=success,failed&sort=name');
    expect(names(all)).toEqual(['w1/broken', 'w1/fine']);
    expect(all.states).toEqual({
      failed: 1,
      syncing: 0,
      waiting: 2,
      stale: 1,
      none: 0,
      paused: 0,
      disabled: 0,
      success: 1,
    });
    // who is lost does not tell what its jobs wait for
    await api.clock.advance(90_000);
    expect((await find(api)).states).toMatchObject({ waiting: 1, success: 2 });
    expect((await api.get('/api/jobs?state=green')).status).toBe(400);
  });

  test.each([
    ['limit=0', /^limit: expected a whole number from 1 to 1000$/],
    ['limit=1001', /^limit: /],
    ['offset=-1', /^offset: /],
    ['sort=colour', /^sort: expected one of "attention", "name"/],
    ['status=failed,green', /^status\.1: expected one of /],
    ['order=up', /^order: /],
    [`q=${'x'.repeat(201)}`, /^q: /],
  ])('?%s is refused', async (query, error) => {
    await using api = await startApi(way);
    expect(await api.get(`/api/jobs?${query}`)).toMatchObject({
      status: 400,
      json: { error: expect.stringMatching(error) },
    });
  });

  test('tell their progress, why they wait, and whether their worker is there', async () => {
    await using api = await startApi(way);
    await fill(api);
    await api.post('/workers/w1/progress', { progress: [{ name: 'debian', percent: 64, eta: 60 }] });
    await api.post('/workers/w1/heartbeat', { waits: { late: { for: 'upstream', detail: 'm.example' } } });
    const { json } = await api.get('/api/jobs/w1/debian');
    expect(apiJobSchema.parse(json)).toEqual(json);
    expect(json).toMatchObject({
      name: 'debian',
      worker: 'w1',
      worker_state: 'online',
      progress: { percent: 64, eta: 60 },
    });
    const late = async (): Promise<unknown> => (await api.get('/api/jobs/w1/late')).json;
    expect(await late()).toMatchObject({ waits: { for: 'upstream', detail: 'm.example' } });
    expect(await api.get('/api/jobs/w2/old')).toMatchObject({ json: { worker_state: 'unknown' } });
    await api.clock.advance(90_000);
    expect(await late()).toMatchObject({ worker_state: 'lost' });
    expect(await late()).not.toHaveProperty('waits');
    for (const [path, status, error] of [
      ['w1/nope', 404, "worker 'w1' has no mirror 'nope'"],
      ['nope/a', 400, 'invalid workerID nope'],
    ] as const) {
      expect(await api.get(`/api/jobs/${path}`)).toMatchObject({ status, json: { error } });
    }
  });
});

describe.each(ways)('workers, %s', (way) => {
  test('are told with what they told last, without tokens and passwords', async () => {
    await using api = await startApi(way);
    await fill(api);
    await api.post('/workers', { id: 'w3', url: 'https://u:secret@w3.example/', token: 'secret' });
    const filesystems = [{ path: '/srv', total: 1000, free: 10 }];
    await api.post('/workers/w1/heartbeat', { version: '1.2.3', slots: 8, running: 2, filesystems });
    const workers = async (): Promise<ApiWorker[]> => (await api.get('/api/workers')).json as ApiWorker[];
    const [w1, w2, w3] = await workers();
    expect(w1).toMatchObject({
      id: 'w1',
      state: 'online',
      version: '1.2.3',
      slots: 8,
      running: 2,
      queued: 0,
      filesystems,
      counts: { syncing: 1, success: 2 },
    });
    expect(w2).toMatchObject({ state: 'unknown', counts: { failed: 1 } });
    expect(w2).not.toHaveProperty('slots');
    expect(w3).toMatchObject({ url: 'https://w3.example/' });
    expect(JSON.stringify(await workers())).not.toContain('secret');
    await api.clock.advance(90_000);
    expect((await workers()).map(({ state }) => state)).toEqual(['lost', 'unknown', 'unknown']);
  });
});

test('they are switched off with the other routes beyond the contract', async () => {
  await using api = await startApi('front', { extensions: false });
  for (const path of ['/api/jobs', '/api/jobs/w1/a', '/api/workers']) {
    expect(await api.get(path)).toMatchObject({ status: 404 });
  }
});
