import { describe, expect, test } from '@jest/globals';
import { apiTimelineSchema, toWireTime, type ApiTimeline } from '@tunasync/protocol';
import { waitFor } from '@tunasync/test-utils';
import { register, reportOf, startApi, ways, type Api } from './api.js';
import { fakeWorker } from './fake-worker.js';
import { runOf } from './run-of.js';

const minute = 60_000;
const hour = 60 * minute;

async function timeline(api: Api, query = ''): Promise<ApiTimeline> {
  const { status, json } = await api.get(`/api/timeline${query}`);
  expect([query, status]).toEqual([query, 200]);
  expect(apiTimelineSchema.parse(json)).toEqual(json);
  return json as ApiTimeline;
}

async function report(api: Api, worker: string, name: string, fields: object): Promise<void> {
  await api.store.write([{ type: 'put-status', status: { ...reportOf(name, fields), worker } }]);
}

const keysOf = (runs: readonly { worker: string; name: string }[]): string[] =>
  runs.map(({ worker, name }) => `${worker}/${name}`);

describe.each(ways)('the timeline, %s', (way) => {
  test('has what ran and runs, of all workers or of one', async () => {
    await using api = await startApi(way);
    const now = api.clock.now();
    await register(api, 'w1');
    await register(api, 'w2');
    await api.post('/workers/w2/runs', runOf('b', now - 2 * hour, { result: 'failed' }));
    await api.post('/workers/w1/runs', runOf('a', now - 3 * hour));
    await api.post('/workers/w1/runs', runOf('late', now - 13 * hour));
    await report(api, 'w1', 'r', { status: 'syncing', last_started: toWireTime(now - minute) });
    await api.post('/workers/w1/progress', { progress: [{ name: 'r', eta: 90 }] });
    const all = await timeline(api, '?future=0');
    expect([all.from, all.now, all.to].map((time) => (Date.parse(time) - now) / hour)).toEqual([-12, 0, 0]);
    expect(all.past).toEqual([
      {
        worker: 'w1',
        name: 'a',
        id: `a-${now - 3 * hour}`,
        started: toWireTime(now - 3 * hour - minute),
        ended: toWireTime(now - 3 * hour),
        result: 'success',
      },
      expect.objectContaining({ worker: 'w2', name: 'b', result: 'failed' }),
    ]);
    expect(all.running).toEqual([{ worker: 'w1', name: 'r', started: toWireTime(now - minute), eta: 90 }]);
    expect([all.planned, all.unplanned, all.truncated]).toEqual([[], [], false]);
    const one = await timeline(api, '?future=0&worker=w2&past=2');
    expect([keysOf(one.past), one.running]).toEqual([['w2/b'], []]);
    expect(keysOf((await timeline(api, '?past=48&future=0')).past)).toEqual(['w1/late', 'w1/a', 'w2/b']);
    expect((await timeline(api, '?past=0&future=0')).past).toEqual([]);
  });

  test('has what workers plan; of others the next start of each job', async () => {
    await using api = await startApi(way);
    const now = api.clock.now();
    const at = (minutes: number): string => toWireTime(now + minutes * minute);
    await using planner = await fakeWorker((_, response) => {
      const planned = [
        { name: 'a', start: at(-5) },
        { name: 'a', start: at(30), seconds: 90 },
        { name: 'a', start: at(10_000) },
      ];
      response.end(JSON.stringify({ planned, truncated: false }));
    });
    await using old = await fakeWorker((request, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ msg: `Not found: GET ${request.url ?? ''}` }));
    });
    await using strange = await fakeWorker((_, response) => response.end('{"planned": 5}'));
    await api.post('/workers', { id: 'new', url: planner.url });
    await api.post('/workers', { id: 'old', url: old.url });
    await api.post('/workers', { id: 'strange', url: strange.url });
    await api.post('/workers', { id: 'absent', url: 'http://127.0.0.1:1/' });
    await report(api, 'new', 'a', { next_schedule: at(7) });
    const ran = { last_started: at(-3), last_ended: at(-1) };
    await report(api, 'old', 'b', { next_schedule: at(20), ...ran });
    await report(api, 'old', 'beyond', { next_schedule: at(13 * 60) });
    await report(api, 'old', 'off', { status: 'disabled', next_schedule: at(20) });
    await report(api, 'absent', 'c', { next_schedule: at(40) });
    const { planned, unplanned } = await timeline(api);
    expect(planned).toEqual([
      { worker: 'old', name: 'b', start: at(20), seconds: 120 },
      { worker: 'new', name: 'a', start: at(30), seconds: 90 },
      { worker: 'absent', name: 'c', start: at(40) },
    ]);
    expect(unplanned).toEqual(['absent', 'old', 'strange']);
    await timeline(api);
    expect([planner.asked, old.asked]).toEqual([['GET /plan?hours=12'], ['GET /plan?hours=12']]);
    await api.clock.advance(5000);
    await timeline(api, '?future=2');
    expect([planner.asked.at(-1), planner.asked.length]).toEqual(['GET /plan?hours=2', 2]);
  });

  test('does not wait for a worker that does not answer, nor ask one that is lost', async () => {
    await using api = await startApi(way);
    await using silent = await fakeWorker(() => undefined);
    await api.post('/workers', { id: 'w1', url: silent.url });
    const first = timeline(api, '?worker=w1');
    await waitFor('the question', () => silent.asked.length === 1);
    await api.clock.advance(1500);
    expect((await first).unplanned).toEqual(['w1']);
    await api.post('/workers/w1/heartbeat', {});
    await api.clock.advance(90_000);
    expect((await timeline(api)).unplanned).toEqual(['w1']);
    expect(silent.asked).toHaveLength(1);
    expect(api.clock.pending).toBe(0);
  });

  test('says when there is more than it lists', async () => {
    await using api = await startApi(way);
    const now = api.clock.now();
    await using planner = await fakeWorker((_, response) => {
      const planned = Array.from({ length: 3000 }, (_, n) => ({
        name: 'a',
        start: toWireTime(now + (n + 1) * 1000),
      }));
      response.end(JSON.stringify({ planned, truncated: false }));
    });
    for (const id of ['w1', 'w2']) await api.post('/workers', { id, url: planner.url });
    const all = await timeline(api);
    expect([all.planned.length, all.truncated]).toEqual([5000, true]);
    expect(all.planned.at(-1)?.start).toBe(toWireTime(now + 2_500_000));
    expect((await timeline(api, '?worker=w1')).truncated).toBe(false);
  });

  test.each([
    ['past=49', 400, 'past: expected a whole number from 0 to 48'],
    ['future=-1', 400, 'future: expected a whole number from 0 to 48'],
    ['worker=nope', 400, 'invalid workerID nope'],
  ])('?%s is refused', async (query, status, error) => {
    await using api = await startApi(way);
    expect(await api.get(`/api/timeline?${query}`)).toMatchObject({ status, json: { error } });
  });
});
