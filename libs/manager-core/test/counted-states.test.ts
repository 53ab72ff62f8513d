import { expect, test } from '@jest/globals';
import {
  jobSorts,
  jobStateOf,
  jobStates,
  syncStatuses,
  toUnixMillis,
  toWireTime,
  zeroTime,
  type ApiJobs,
  type ApiWorker,
  type MirrorStatus,
  type SyncStatus,
  type Wait,
} from '@tunasync/protocol';
import fc from 'fast-check';
import { register, reportOf, startApi, type Api } from './api.js';

const second = 1000;
const workers = ['w1', 'w2'] as const;
const names = ['a', 'b', '__proto__'] as const;

/** What may happen to a manager. */
type Step =
  | { kind: 'status'; worker: string; name: string; status: SyncStatus; staleAfter: number; ago: number }
  | { kind: 'heartbeat'; worker: string; waits: Record<string, Wait> }
  | { kind: 'wait'; seconds: number }
  | { kind: 'flush' }
  | { kind: 'remove'; worker: string };

const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      worker: fc.constantFrom(...workers),
      name: fc.constantFrom(...names),
      status: fc.constantFrom(...syncStatuses),
      staleAfter: fc.constantFrom(0, 30, 100),
      ago: fc.constantFrom(0, 20, 99, 1000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('heartbeat' as const),
      worker: fc.constantFrom(...workers),
      waits: fc.dictionary(
        fc.constantFrom('a', 'b', 'other'),
        fc.record({ for: fc.constantFrom('slot', 'disk', 'blackout') }),
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 10, 30, 89, 90) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('remove' as const), worker: fc.constantFrom(...workers) }),
  },
);

/** What a manager was told, kept in the plainest way there is. */
class Model {
  readonly jobs = new Map<string, { status: MirrorStatus; since: number }>();
  readonly heartbeats = new Map<string, { at: number; waits: Record<string, Wait> }>();

  state(worker: string, name: string, now: number): string {
    const { status, since } = this.jobs.get(`${worker}/${name}`) ?? { status: reportOf(name), since: now };
    const from = status.last_update === zeroTime ? since : toUnixMillis(status.last_update);
    const isStopped = status.status === 'paused' || status.status === 'disabled';
    const stale = !isStopped && status.stale_after !== undefined && now >= from + status.stale_after * second;
    const heard = this.heartbeats.get(worker);
    const waits = heard !== undefined && now - heard.at < 90 * second ? heard.waits : {};
    return jobStateOf({ status: status.status, stale }, Object.hasOwn(waits, name) ? waits[name] : undefined);
  }

  states(now: number, only: (worker: string) => boolean = () => true): Record<string, number> {
    const counts = Object.fromEntries(jobStates.map((state) => [state, 0]));
    for (const { status } of this.jobs.values()) {
      const { worker, name } = status;
      if (!only(worker)) continue;
      const state = this.state(worker, name, now);
      counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  }

  counts(only: (worker: string) => boolean = () => true): Record<string, number> {
    const counts: Record<string, number> = Object.fromEntries(syncStatuses.map((status) => [status, 0]));
    for (const { status } of this.jobs.values()) {
      if (only(status.worker)) counts[status.status] = (counts[status.status] ?? 0) + 1;
    }
    return counts;
  }
}

async function take(api: Api, model: Model, step: Step): Promise<void> {
  const now = api.clock.now();
  switch (step.kind) {
    case 'status': {
      const { worker, name, status, staleAfter, ago } = step;
      const last_update = ago === 0 ? zeroTime : toWireTime(now - ago * second);
      const given = {
        ...reportOf(name, { status, last_update }),
        worker,
        ...(staleAfter > 0 && { stale_after: staleAfter }),
      };
      await api.store.write([{ type: 'put-status', status: given }]);
      const since = model.jobs.get(`${worker}/${name}`)?.since ?? now;
      model.jobs.set(`${worker}/${name}`, { status: given, since });
      break;
    }
    case 'heartbeat':
      expect(await api.post(`/workers/${step.worker}/heartbeat`, { waits: step.waits })).toMatchObject({
        status: 200,
      });
      model.heartbeats.set(step.worker, { at: now, waits: step.waits });
      break;
    case 'wait':
      await api.clock.advance(step.seconds * second);
      break;
    case 'flush':
      await api.delete('/jobs/disabled');
      for (const [key, { status }] of model.jobs) if (status.status === 'disabled') model.jobs.delete(key);
      break;
    case 'remove':
      await api.delete(`/workers/${step.worker}`);
      await register(api, step.worker);
      model.heartbeats.delete(step.worker);
      for (const [key, { status }] of model.jobs) {
        if (status.worker === step.worker) model.jobs.delete(key);
      }
  }
}

test('whatever happens, counts and states are those that counting everything anew would give', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 25 }), async (steps) => {
      await using api = await startApi();
      for (const id of workers) await register(api, id);
      const model = new Model();
      for (const step of steps) {
        await take(api, model, step);
        const now = api.clock.now();
        const { counts, states, jobs, total } = (await api.get('/api/jobs?limit=1000')).json as ApiJobs;
        expect({ counts, states, total }).toEqual({
          counts: model.counts(),
          states: model.states(now),
          total: model.jobs.size,
        });
        expect(jobs.map(({ worker, name, state }) => `${worker}/${name} ${state}`).sort()).toEqual(
          [...model.jobs.values()]
            .map(({ status: { worker, name } }) => `${worker}/${name} ${model.state(worker, name, now)}`)
            .sort(),
        );
      }
      const now = api.clock.now();
      const ofW1 = (await api.get('/api/jobs?worker=w1')).json as ApiJobs;
      expect(ofW1.states).toEqual(model.states(now, (worker) => worker === 'w1'));
      const told = (await api.get('/api/workers')).json as ApiWorker[];
      expect(told.find(({ id }) => id === 'w1')?.counts).toEqual(model.counts((worker) => worker === 'w1'));
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('pages of any order put together are all jobs, each once', async () => {
  await using api = await startApi();
  for (const id of workers) await register(api, id);
  const time = fc.integer({ min: 0, max: 3 }).map((n) => (n === 0 ? zeroTime : toWireTime(n * 1e6)));
  const anyStatus = fc.record({
    status: fc.constantFrom(...syncStatuses),
    size: fc.constantFrom('unknown', '1T', '2.5G', '', '1024G', '0', '1.2.3T'),
    last_update: time,
    last_started: time,
    last_ended: time,
    next_schedule: time,
    consecutive_failures: fc.integer({ min: 0, max: 2 }),
  });
  const count = 53;
  const given = fc.sample(anyStatus, count);
  await api.store.write(
    given.map((fields, index) => ({
      type: 'put-status',
      status: { ...reportOf(`m${index % 30}`, fields), worker: index < 30 ? 'w1' : 'w2' },
    })),
  );
  for (const sort of jobSorts) {
    for (const order of ['asc', 'desc']) {
      const ask = async (more: string): Promise<string[]> => {
        const { json } = await api.get(`/api/jobs?sort=${sort}&order=${order}&${more}`);
        const { total, jobs } = json as ApiJobs;
        expect(total).toBe(count);
        return jobs.map(({ worker, name }) => `${worker}/${name}`);
      };
      const whole = await ask('limit=1000');
      expect(new Set(whole).size).toBe(count);
      const pages: string[] = [];
      for (let offset = 0; offset < count + 7; offset += 7) {
        pages.push(...(await ask(`limit=7&offset=${offset}`)));
      }
      expect({ sort, order, pages }).toEqual({ sort, order, pages: whole });
    }
  }
});
