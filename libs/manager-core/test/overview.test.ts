import { describe, expect, test } from '@jest/globals';
import {
  apiOverviewSchema,
  toWireTime,
  type ApiAttention,
  type ApiOverview,
  type MirrorStatus,
} from '@tunasync/protocol';
import { memoryStore } from '@tunasync/store';
import { waitFor } from '@tunasync/test-utils';
import { register, reportOf, startApi, ways, type Api } from './api.js';
import { runOf } from './run-of.js';

const minute = 60_000;
const hour = 60 * minute;

async function report(api: Api, worker: string, name: string, fields: Partial<MirrorStatus>): Promise<void> {
  const status = { ...reportOf(name, fields), worker };
  await api.store.write([{ type: 'put-status', status }]);
}

async function overview(api: Api): Promise<ApiOverview> {
  const { status, json } = await api.get('/api/overview');
  expect(status).toBe(200);
  expect(apiOverviewSchema.parse(json)).toEqual(json);
  return json as ApiOverview;
}

const whatOf = (item: ApiAttention): string => {
  switch (item.kind) {
    case 'worker-lost':
      return `lost ${item.worker.id}`;
    case 'disk-low':
      return `disk ${item.worker} ${item.filesystem.path}`;
    case 'failed':
    case 'stale':
      return `${item.kind} ${item.job.worker}/${item.job.name}`;
  }
};
const namesOf = (jobs: readonly { name: string }[]): string[] => jobs.map(({ name }) => name);

describe.each(ways)('the overview, %s', (way) => {
  test('of nothing has nothing in it', async () => {
    await using api = await startApi(way);
    const { states, workers, attention, runs, ...rest } = await overview(api);
    expect(rest).toEqual({ attention_total: 0, running: [], running_total: 0, next: [] });
    expect([attention, workers, states.failed]).toEqual([[], { online: 0, lost: 0, unknown: 0 }, 0]);
    expect(runs).toHaveLength(48);
  });

  test('names what needs attention, worst first', async () => {
    await using api = await startApi(way);
    const at = (ms: number): string => toWireTime(api.clock.now() + ms);
    for (const id of ['w1', 'w2', 'gone', 'quiet']) await register(api, id);
    const filesystems = [
      { path: '/', total: 1000, free: 900 },
      { path: '/srv', total: 1000, free: 300 },
      { path: '/full', total: 1000, free: 49 },
      { path: '/empty', total: 1000, free: 50 },
      { path: '/none', total: 0, free: 0 },
    ];
    await api.post('/workers/gone/heartbeat', { filesystems: [{ path: '/lost', total: 10, free: 0 }] });
    await api.clock.advance(90_000);
    const waits = {
      debian: { for: 'disk', detail: '/srv/debian: 300 bytes free, 400 needed' },
      held: { for: 'slot' },
    };
    await api.post('/workers/w1/heartbeat', { filesystems, waits });
    await api.post('/workers/w2/heartbeat', {});
    await report(api, 'w1', 'often', { status: 'failed', consecutive_failures: 9, last_update: at(-hour) });
    await report(api, 'w1', 'once', { status: 'failed', consecutive_failures: 1, last_update: at(-hour) });
    await report(api, 'w2', 'old', { status: 'failed', consecutive_failures: 1, last_update: at(-9 * hour) });
    await report(api, 'w2', 'none', { status: 'failed', consecutive_failures: 1 });
    await report(api, 'w2', 'late', { last_update: at(-3 * hour), stale_after: 3600 });
    await report(api, 'w2', 'later', { last_update: at(-5 * hour), stale_after: 3600 });
    await report(api, 'w2', 'fine', { last_update: at(-5 * hour), stale_after: 6 * 3600 });
    await report(api, 'w2', 'paused', { status: 'paused', last_update: at(-5 * hour), stale_after: 60 });
    await report(api, 'w1', 'debian', { last_update: at(-5 * hour), stale_after: 6 * 3600 });
    await report(api, 'w1', 'held', { last_update: at(-4 * hour), stale_after: 3600 });
    const { attention, attention_total, workers, states } = await overview(api);
    expect(attention.map(whatOf)).toEqual([
      'lost gone',
      'disk w1 /full',
      'disk w1 /srv',
      'failed w1/often',
      'failed w2/none',
      'failed w2/old',
      'failed w1/once',
      'stale w2/later',
      'stale w1/held',
      'stale w2/late',
    ]);
    expect(attention_total).toBe(10);
    expect(workers).toEqual({ online: 2, lost: 1, unknown: 1 });
    expect(states).toMatchObject({ failed: 4, stale: 2, success: 1, paused: 1, waiting: 2 });
    expect(attention[7]).toMatchObject({ job: { state: 'stale', stale: true, worker_state: 'online' } });
  });

  test('lists the worst 50, and says how many there are', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    for (let n = 0; n < 120; n++) {
      await report(api, 'w1', `m${n}`, { status: 'failed', consecutive_failures: (n * 7) % 120 });
    }
    const { attention, attention_total } = await overview(api);
    expect(attention_total).toBe(120);
    expect(
      attention.map((item) => (item.kind === 'failed' ? item.job.consecutive_failures : undefined)),
    ).toEqual(Array.from({ length: 50 }, (_, index) => 119 - index));
  });

  test('tells what runs, and what is next', async () => {
    await using api = await startApi(way);
    await register(api, 'w1');
    await register(api, 'gone');
    const at = (ms: number): string => toWireTime(api.clock.now() + ms);
    await api.post('/workers/gone/heartbeat', {});
    await api.clock.advance(90_000);
    await report(api, 'w1', 'second', { status: 'syncing', last_started: at(-minute) });
    await report(api, 'w1', 'first', { status: 'pre-syncing', last_started: at(-2 * minute) });
    for (let n = 12; n > 0; n--) await report(api, 'w1', `m${n}`, { next_schedule: at(n * minute) });
    await report(api, 'w1', 'overdue', { next_schedule: at(-minute) });
    await report(api, 'w1', 'off', { status: 'disabled', next_schedule: at(1000) });
    await report(api, 'gone', 'lost', { next_schedule: at(1000) });
    await api.post('/workers/w1/progress', { progress: [{ name: 'second', percent: 5, eta: 60 }] });
    const { running, running_total, next } = await overview(api);
    expect([namesOf(running), running_total]).toEqual([['first', 'second'], 2]);
    expect(running[1]).toMatchObject({ state: 'syncing', progress: { percent: 5, eta: 60 } });
    expect(running[0]).toMatchObject({ state: 'waiting' });
    expect(namesOf(next)).toEqual(Array.from({ length: 10 }, (_, index) => `m${index + 1}`));
  });

  test('counts the runs of the last day by half-hours: those of before, and new ones', async () => {
    const backEnd = memoryStore();
    await using early = await startApi(way, { backEnd });
    const now = early.clock.now();
    await register(early, 'w1');
    await early.post('/workers/w1/runs', runOf('a', now - 25 * hour));
    await early.post('/workers/w1/runs', runOf('a', now - 10 * minute));
    await early.post('/workers/w1/runs', runOf('b', now - 23 * hour, { result: 'failed' }));
    await using api = await startApi(way, { backEnd });
    await register(api, 'w2');
    const runsOf = async (): Promise<unknown[]> =>
      (await overview(api)).runs.filter(({ success, failed, killed }) => success + failed + killed > 0);
    const of = (ms: number, counts: object) => ({
      from: toWireTime(Math.floor((now + ms) / (30 * minute)) * 30 * minute),
      success: 0,
      failed: 0,
      killed: 0,
      ...counts,
    });
    expect(await runsOf()).toEqual([of(-23 * hour, { failed: 1 }), of(-10 * minute, { success: 1 })]);
    const again = runOf('c', now - 9 * minute, { result: 'killed' });
    for (let twice = 0; twice < 2; twice++) await api.post('/workers/w2/runs', again);
    expect((await runsOf())[1]).toEqual(of(-10 * minute, { success: 1, killed: 1 }));
    await api.delete('/workers/w1');
    expect(await runsOf()).toEqual([of(-10 * minute, { killed: 1 })]);
    await api.clock.advance(24 * hour);
    expect(await runsOf()).toEqual([]);
  });
});

test('a worker that cannot be removed keeps its runs', async () => {
  const store = memoryStore();
  let full = false;
  const backEnd = {
    ...store,
    write: (changes: Parameters<typeof store.write>[0]) =>
      full ? Promise.reject(new Error('no space left')) : store.write(changes),
  };
  await using api = await startApi('front', { backEnd });
  await register(api, 'w1');
  await api.post('/workers/w1/runs', runOf('a', api.clock.now()));
  expect((await overview(api)).runs.at(-1)).toMatchObject({ success: 1 });
  full = true;
  expect(await api.delete('/workers/w1')).toMatchObject({ status: 500 });
  expect((await overview(api)).runs.at(-1)).toMatchObject({ success: 1 });
  full = false;
  expect(await api.delete('/workers/w1')).toMatchObject({ status: 200 });
  expect((await overview(api)).runs.at(-1)).toMatchObject({ success: 0 });
});

test('runs that cannot be read are left out and told of, and read the next time', async () => {
  const store = memoryStore();
  let broken = true;
  const backEnd = {
    ...store,
    listRunMirrors: () => (broken ? Promise.reject(new Error('disk on fire')) : store.listRunMirrors()),
  };
  await using api = await startApi('front', { backEnd });
  await register(api, 'w1');
  await api.post('/workers/w1/runs', runOf('a', api.clock.now()));
  const good = async (): Promise<number> => (await overview(api)).runs.at(-1)?.success ?? 0;
  expect(await good()).toBe(0);
  expect(api.logger.messages('warn')).toEqual(['the runs of the last days could not be read: disk on fire']);
  broken = false;
  expect(await good()).toBe(1);
});

test('an overview does not wait long for the runs to be read', async () => {
  const store = memoryStore();
  let read: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (read = resolve));
  const backEnd = { ...store, listRunMirrors: () => held.then(() => store.listRunMirrors()) };
  await using api = await startApi('front', { backEnd });
  await register(api, 'w1');
  await api.post('/workers/w1/runs', runOf('a', api.clock.now()));
  const first = overview(api);
  await waitFor('the answer to be waited for', () => api.clock.pending > 0);
  await api.clock.advance(300);
  expect((await first).runs.at(-1)).toMatchObject({ success: 0 });
  read();
  expect((await overview(api)).runs.at(-1)).toMatchObject({ success: 1 });
  expect(api.clock.pending).toBe(0);
});
