import { describe, expect, test } from '@jest/globals';
import { workerExtensionRoutes } from '@tunasync/protocol';
import { parseBlackout } from '@tunasync/scheduler';
import { FakeClock } from '@tunasync/test-utils';
import type { JobSnapshot } from '../src/index.js';
import { engineRig } from './support/engine-rig.js';
import { jobOf, jobServer } from './support/job-server.js';
import { mirrorOf } from './support/mirror.js';

const minute = 60_000;

/** A time in the hour of the clock, by minutes. */
const start = new FakeClock().now();
const at = (minutes: number): number => start + minutes * minute;
const inMinutes = (times: readonly string[]): number[] =>
  times.map((time) => (Date.parse(time) - start) / minute);

async function planOf(fields: Partial<JobSnapshot>) {
  await using api = await jobServer([jobOf('debian', '/nowhere', { nextDue: at(30), ...fields })], {
    clock: new FakeClock(),
  });
  const { status, json } = await api.get('/jobs/debian/plan');
  expect(status).toBe(200);
  expect(workerExtensionRoutes.jobPlan.reply.parse(json())).toEqual(json());
  return json() as { upcoming: string[] };
}

describe('the plan of a job', () => {
  test('has its rule, its attempts and its next ten starts', async () => {
    const plan = await planOf({ lastDuration: 10 * minute });
    expect(plan).toMatchObject({
      provider: 'rsync',
      attempt: 0,
      attempts: 2,
      schedule: { kind: 'interval', minutes: 60 },
    });
    expect(inMinutes(plan.upcoming)).toEqual([30, 100, 170, 240, 310, 380, 450, 520, 590, 660]);
  });

  test.each([
    ['waits', { state: 'queued', nextDue: 0 }, [0, 60]],
    [
      'runs as long as the last time',
      { state: 'running', lastStarted: at(-5), lastDuration: 20 * minute },
      [75, 155],
    ],
    [
      'runs, and tells how long',
      { state: 'running', lastStarted: at(-5), progress: { eta: 300 } },
      [65, 135],
    ],
    [
      'runs longer than the last time',
      { state: 'running', lastStarted: at(-50), lastDuration: minute },
      [60, 121],
    ],
    ['is started again', { state: 'halting', then: 'queue' }, [0, 60]],
    ['is ended', { state: 'halting', then: 'paused' }, []],
    ['is paused', { state: 'paused', nextDue: 0 }, []],
    ['is disabled', { state: 'disabled', nextDue: 0 }, []],
  ] as const)('one that %s', async (_, fields, expected) => {
    const { lastDuration = 0, ...rest }: Partial<JobSnapshot> = fields;
    const { upcoming } = await planOf({ lastDuration, ...rest });
    expect(inMinutes(upcoming).slice(0, 2)).toEqual(expected);
  });

  test('keeps to blackouts', async () => {
    const blackout = [parseBlackout('00:00-23:00')];
    const { upcoming } = await planOf({ blackout, lastDuration: 0 });
    expect(upcoming[0]).toMatch(/T23:00:00Z$/);
  });

  test('does not exist for a mirror that is not configured', async () => {
    await using api = await jobServer();
    expect(await api.get('/jobs/nope/plan')).toMatchObject({ status: 404 });
    expect((await api.get('/jobs/nope/plan')).json()).toEqual({ msg: "Mirror ``nope'' not found" });
  });
});

describe('the plan of a worker', () => {
  const jobs = [
    jobOf('debian', '/nowhere', { nextDue: at(30), lastDuration: 90_000 }),
    jobOf('new', '/nowhere', { nextDue: at(100), schedule: { kind: 'interval', minutes: 1440 } }),
    jobOf('off', '/nowhere', { state: 'disabled' }),
  ];
  // the duration of a mirror that never ran is unknown
  delete (jobs[1] as { lastDuration?: number }).lastDuration;

  test('has the starts of all jobs until a time, soonest first', async () => {
    await using api = await jobServer(jobs, { clock: new FakeClock() });
    const plan = async (query: string) => {
      const { status, json } = await api.get(`/plan${query}`);
      expect(status).toBe(200);
      return workerExtensionRoutes.plan.reply.parse(json());
    };
    const { planned, truncated } = await plan('?hours=2');
    expect(planned.map(({ name, seconds }) => [name, seconds])).toEqual([
      ['debian', 90],
      ['debian', 90],
      ['new', undefined],
    ]);
    expect(inMinutes(planned.map(({ start: time }) => time))).toEqual([30, 91.5, 100]);
    expect(truncated).toBe(false);
    expect((await plan('')).planned.length).toBeGreaterThan(20);
  });

  test('says when it was cut off', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      jobOf(`m${index}`, '/nowhere', { schedule: { kind: 'interval', minutes: 1 }, lastDuration: 0 }),
    );
    await using api = await jobServer(many, { clock: new FakeClock() });
    const { planned, truncated } = workerExtensionRoutes.plan.reply.parse(
      (await api.get('/plan?hours=1')).json(),
    );
    expect([planned.length, truncated]).toEqual([5000, true]);
  });

  test.each(['hours=0', 'hours=49', 'hours=x', 'hours='])('?%s is refused', async (query) => {
    await using api = await jobServer(jobs);
    const answer = await api.get(`/plan?${query}`);
    expect([answer.status, answer.json()]).toEqual([
      400,
      { msg: 'hours: expected a whole number from 1 to 48' },
    ]);
  });
});

describe('the configuration of a mirror', () => {
  test('is what the source of the worker returns', async () => {
    const settings = [{ key: 'retry', value: '2', source: 'default' }];
    await using api = await jobServer(undefined, {
      describeConfig: (name) => (name === 'debian' ? settings : undefined),
    });
    const { status, json } = await api.get('/jobs/debian/config');
    expect([status, json()]).toEqual([200, { settings }]);
    expect(workerExtensionRoutes.jobConfig.reply.parse(json())).toEqual(json());
    expect((await api.get('/jobs/nope/config')).status).toBe(404);
  });

  test('is not offered by a worker whose source has none', async () => {
    await using api = await jobServer();
    expect((await api.get('/jobs/debian/config')).json()).toEqual({
      msg: 'Not found: GET /jobs/debian/config',
    });
  });
});

test('a worker knows the duration of the last run, also during the next one', async () => {
  const rig = engineRig(['m']);
  await rig.worker.start();
  await rig.settle();
  expect(rig.job('m')).toMatchObject({ state: 'running', attempts: 1 });
  expect(rig.job('m')).not.toHaveProperty('lastDuration');
  await rig.clock.advance(90_000);
  rig.executor.of('m').end();
  await rig.settle();
  expect(rig.job('m')).toMatchObject({ state: 'ready', lastDuration: 90_000 });
  await rig.clock.advance(60 * minute);
  expect(rig.job('m')).toMatchObject({ state: 'running', lastDuration: 90_000 });
  await rig.worker.stop();
});

test('every report says after how many seconds without a success the mirror is stale', async () => {
  const rig = engineRig([
    mirrorOf('m', { staleAfterMinutes: 180 }),
    mirrorOf('never', { staleAfterMinutes: 0 }),
  ]);
  await rig.worker.start();
  await rig.settle();
  const told = (name: string): unknown[] =>
    rig.reports.filter((report) => report.name === name).map((report) => report.stale_after);
  expect([...new Set(told('m'))]).toEqual([10_800]);
  expect([...new Set(told('never'))]).toEqual([undefined]);
  await rig.worker.stop();
});
