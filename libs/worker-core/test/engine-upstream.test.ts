import { describe, expect, test } from '@jest/globals';
import type { Progress } from '@tunasync/providers';
import { memoryState } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf, mirrorOf } from './support/mirror.js';

const minute = 60_000;
/** Exit code 5 is an upstream that turns us away. */
const busyUpstream = fakeProvider({ reasonOf: (code) => (code === 5 ? 'upstream-refused' : 'exit-code') });

describe('an upstream that asks to come back later', () => {
  test('is waited for without a slot, longer each time, and is no failure', async () => {
    const rig = engineRig([mirrorOf('m', { retry: 1, retryDelaySeconds: 60 }), 'other'], {
      providers: [busyUpstream],
      concurrent: 1,
    });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(5);
    await rig.settle();
    expect(rig.told('m')).toEqual(['pre-syncing', 'syncing', 'pre-syncing exit status 5']);
    expect(rig.job('m')).toMatchObject({
      state: 'running',
      waits: { for: 'refused', until: rig.clock.now() + minute },
    });
    // the slot is somebody else's meanwhile
    expect(rig.job('other').state).toBe('running');
    await rig.clock.advance(minute);
    expect(rig.job('m').waits).toMatchObject({ for: 'slot' });
    rig.executor.of('other').end();
    await rig.settle();
    rig.executor.of('m').end(5);
    await rig.settle();
    expect(rig.job('m').waits).toEqual({ for: 'refused', until: rig.clock.now() + 2 * minute });
    await rig.clock.advance(2 * minute);
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.told('m').at(-1)).toBe('success');
    expect(rig.runs.filter(({ name }) => name === 'm')).toMatchObject([{ result: 'success', attempts: 1 }]);
    await rig.worker.stop();
  });

  test('is given up after an interval, as the mirror would be due again', async () => {
    const rig = engineRig([mirrorOf('m', { intervalMinutes: 3, retryDelaySeconds: 60 })], {
      providers: [busyUpstream],
    });
    await rig.worker.start();
    await rig.settle();
    for (let refusals = 0; refusals < 3 && rig.runs.length === 0; refusals++) {
      rig.executor.of('m').end(5);
      await rig.clock.advance(refusals === 0 ? minute : 2 * minute);
    }
    expect(rig.runs).toMatchObject([
      { result: 'failed', reason: 'upstream-refused', error_msg: 'exit status 5', exit_code: 5 },
    ]);
    await rig.worker.stop();
  });

  test('does not cost an attempt when the worker crashes meanwhile', async () => {
    const mirror = mirrorOf('m', { retry: 2 });
    const rig = engineRig([mirror], { providers: [busyUpstream] });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(5);
    await rig.settle();
    const onDisk = await rig.state.load();
    expect(onDisk.get('m')?.run).toMatchObject({ attempt: 1, handle: null });
    const next = engineRig([mirror], { state: memoryState(onDisk.values()), providers: [busyUpstream] });
    await next.worker.start();
    await next.settle();
    expect(next.job('m')).toMatchObject({ state: 'running', attempt: 1 });
    next.executor.of('m').end();
    await next.settle();
    expect(next.runs).toMatchObject([{ result: 'success', attempts: 1 }]);
    await rig.worker.stop();
    await next.worker.stop();
  });

  test('is asked again without a slot by a run that was forced', async () => {
    const state = memoryState([{ ...newRecord('m'), mode: 'paused' }]);
    const rig = engineRig(['m', 'other'], { state, providers: [busyUpstream], concurrent: 1 });
    await rig.worker.start();
    await rig.worker.command({ verb: 'start', mirror: 'm', force: true });
    await rig.settle();
    rig.executor.of('m').end(5);
    await rig.settle();
    expect(rig.job('m').waits).toMatchObject({ for: 'refused' });
    expect((await rig.worker.facts()).running).toBe(1);
    await rig.clock.advance(minute);
    expect(rig.executor.of('m').gone).toBe(false);
    expect(await rig.worker.facts()).toMatchObject({ running: 2, queued: 0 });
    await rig.worker.stop();
  });

  test.each(['stop', 'disable', 'restart'] as const)('%s is obeyed meanwhile', async (verb) => {
    const rig = engineRig(['m'], { providers: [busyUpstream], concurrent: 1 });
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(5);
    await rig.settle();
    await rig.worker.command({ verb, mirror: 'm' });
    await rig.settle();
    const state = { stop: 'paused', disable: 'disabled', restart: 'running' }[verb];
    expect(rig.job('m').state).toBe(state);
    expect(rig.runs).toMatchObject([{ result: 'killed', reason: 'killed' }]);
    expect((await rig.worker.facts()).running).toBe(verb === 'restart' ? 1 : 0);
    await rig.worker.stop();
  });
});

describe('when the next run is due', () => {
  test('failure_interval counts from the last failed attempt, the interval from a success', async () => {
    const rig = engineRig([mirrorOf('m', { intervalMinutes: 60, failureIntervalMinutes: 10 })]);
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(1);
    await rig.settle();
    expect(rig.job('m').nextDue - rig.clock.now()).toBe(10 * minute);
    await rig.clock.advance(10 * minute);
    rig.executor.of('m').end(0);
    await rig.settle();
    expect(rig.job('m').nextDue - rig.clock.now()).toBe(60 * minute);
    await rig.worker.stop();
  });

  test('jitter puts a start off by a part of it', async () => {
    const rig = engineRig([mirrorOf('m', { jitterMinutes: 20 })]);
    await rig.worker.start();
    await rig.settle();
    rig.executor.of('m').end(0);
    await rig.settle();
    expect(rig.job('m').nextDue - rig.clock.now()).toBe(70 * minute);
    await rig.worker.stop();
  });

  test('a cron mirror waits for its time at the start, and is not caught up with', async () => {
    const schedule = { kind: 'cron', expression: '30 4 * * *', timezone: 'UTC' } as const;
    const rig = engineRig([mirrorOf('m', { schedule })]);
    await rig.worker.start();
    await rig.settle();
    const due = new Date(rig.job('m').nextDue);
    expect([due.getUTCHours(), due.getUTCMinutes(), due.getUTCSeconds()]).toEqual([4, 30, 0]);
    expect(due.getTime() - rig.clock.now()).toBeLessThanOrEqual(24 * 60 * minute);
    await rig.clock.advance(due.getTime() - rig.clock.now());
    expect(rig.job('m').state).toBe('running');
    await rig.worker.stop();
  });
});

test('progress is told as the provider tells it, until the command ends', async () => {
  const tell: ((progress: Progress) => void)[] = [];
  const rig = engineRig(['m'], { providers: [fakeProvider({ watched: (one) => tell.push(one) })] });
  const seen: object[] = [];
  rig.worker.on('progress', (event) => seen.push(event));
  await rig.worker.start();
  await rig.settle();
  expect(rig.job('m').progress).toBeUndefined();
  tell[0]?.({ bytes: 10, percent: 50 });
  expect(seen).toEqual([{ mirror: 'm', bytes: 10, percent: 50 }]);
  expect(rig.progress).toEqual([{ name: 'm', bytes: 10, percent: 50 }]);
  expect(rig.job('m').progress).toEqual({ bytes: 10, percent: 50 });
  rig.executor.of('m').end();
  await rig.settle();
  tell[0]?.({ bytes: 11 });
  expect(rig.progress).toHaveLength(1);
  expect(rig.job('m').progress).toBeUndefined();
  await rig.worker.stop();
});

test('a finished run is told with its facts', async () => {
  const facts = { bytesTransferred: 123, files: 4, deletions: 1, totalBytes: 5000 };
  const rig = engineRig(['m'], { providers: [fakeProvider({ facts, size: '5K' })] });
  await rig.worker.start();
  await rig.settle();
  await rig.clock.advance(1000);
  rig.executor.of('m').end();
  await rig.settle();
  expect(rig.runs).toEqual([
    {
      id: expect.any(String),
      name: 'm',
      worker: 'w1',
      started: expect.any(String),
      ended: expect.any(String),
      result: 'success',
      reason: 'ok',
      attempts: 1,
      exit_code: 0,
      error_msg: '',
      bytes_transferred: 123,
      files: 4,
      deletions: 1,
      total_bytes: 5000,
      size: '5K',
      log_file: '',
    },
  ]);
  await rig.worker.stop();
});

describe('what holds a start back', () => {
  test('a blackout: a due mirror waits and says until when; a forced start goes through', async () => {
    // the fake clock begins at noon UTC
    const blackout = [{ from: 12 * 60, to: 12 * 60 + 90, days: [0, 1, 2, 3, 4, 5, 6] }];
    const rig = engineRig([mirrorOf('m', { blackout }), mirrorOf('forced', { blackout }), 'free']);
    const waits: object[] = [];
    rig.worker.on('waits', (event) => waits.push(event));
    await rig.worker.start();
    await rig.settle();
    const until = rig.clock.now() + 90 * minute;
    expect(rig.job('m')).toMatchObject({ state: 'queued', waits: { for: 'blackout', until } });
    expect((await rig.worker.facts()).waits['m']).toEqual({ for: 'blackout', until: until / 1000 });
    expect(rig.job('free').state).toBe('running');
    await rig.worker.command({ verb: 'start', mirror: 'forced', force: true });
    expect(rig.job('forced').state).toBe('running');
    expect(waits).toContainEqual({ mirror: 'm', waits: { for: 'blackout', until } });
    await rig.clock.advance(90 * minute);
    expect(rig.job('m').state).toBe('running');
    await rig.worker.stop();
  });

  test('a reload that takes the blackout away lets it go', async () => {
    const blackout = [{ from: 12 * 60, to: 12 * 60 + 90, days: [0, 1, 2, 3, 4, 5, 6] }];
    const rig = engineRig([mirrorOf('m', { blackout, fingerprint: 'old' })]);
    await rig.worker.start();
    await rig.settle();
    expect(rig.job('m').state).toBe('queued');
    await rig.worker.reload(configOf([mirrorOf('m', { fingerprint: 'new' })]));
    await rig.settle();
    expect(rig.job('m').state).toBe('running');
    await rig.worker.stop();
  });

  test('priority and the limits of upstream hosts', async () => {
    const upstream = 'rsync://busy.example.org/m/';
    const mirrors = [
      mirrorOf('low', { priority: 10 }),
      mirrorOf('high', { priority: 90 }),
      mirrorOf('b1', { upstream, priority: 99 }),
      mirrorOf('b2', { upstream, priority: 98 }),
    ];
    const config = configOf(mirrors, { concurrent: 2 });
    const limited = { ...config.global, perUpstreamConcurrent: { 'busy.example.org': 1 } };
    const rig = engineRig(mirrors, { config: { ...config, global: limited } });
    await rig.worker.start();
    await rig.settle();
    expect(rig.executor.running.map(({ mirror }) => mirror).sort()).toEqual(['b1', 'high']);
    expect(rig.job('b2').waits).toEqual({ for: 'upstream', host: 'busy.example.org' });
    expect(rig.job('low').waits).toEqual({ for: 'slot' });
    expect((await rig.worker.facts()).waits['b2']).toEqual({ for: 'upstream', detail: 'busy.example.org' });
    await rig.worker.stop();
  });

  test('a retry after a failure keeps its time though the clock is set', async () => {
    const schedule = { kind: 'cron', expression: '0 12 * * *', timezone: 'UTC' } as const;
    const rig = engineRig([mirrorOf('m', { schedule, failureIntervalMinutes: 30 })]);
    await rig.worker.start();
    await rig.worker.command({ verb: 'start', mirror: 'm' });
    await rig.settle();
    rig.executor.of('m').end(1);
    await rig.settle();
    const again = rig.job('m').nextDue;
    expect(again - rig.clock.now()).toBe(30 * minute);
    rig.clock.jumpTo(rig.clock.now() + 5 * minute);
    await rig.clock.advance(minute);
    expect(rig.job('m').nextDue).toBe(again);
    await rig.worker.stop();
  });

  test('a clock that is put back a little during a run does not bring the same time of day again', async () => {
    const schedule = { kind: 'cron', expression: '30 12 * * *', timezone: 'UTC' } as const;
    const rig = engineRig([mirrorOf('m', { schedule })]);
    await rig.worker.start();
    await rig.settle();
    const due = rig.job('m').nextDue;
    await rig.clock.advance(due - rig.clock.now());
    rig.clock.jumpTo(rig.clock.now() - 10_000);
    rig.executor.of('m').end();
    await rig.settle();
    expect(rig.job('m').nextDue).toBe(due + 24 * 60 * minute);
    await rig.worker.stop();
  });

  test('a mirror whose first time of day is still to come is told of at once', async () => {
    const schedule = { kind: 'cron', expression: '30 4 * * *', timezone: 'UTC' } as const;
    const config = configOf([mirrorOf('m', { schedule })]);
    const rig = engineRig([], {
      config: { ...config, manager: { ...config.manager, apiBases: ['http://m'] } },
      restore: () => Promise.resolve({ statuses: [] }),
    });
    await rig.worker.start();
    await rig.worker.reload(configOf([...config.mirrors, mirrorOf('later', { schedule })]));
    await rig.settle();
    expect(rig.reports.map(({ name, status, next_schedule }) => [name, status, next_schedule])).toEqual([
      ['m', 'none', '2026-11-24T04:30:00Z'],
      ['later', 'none', '2026-11-24T04:30:00Z'],
    ]);
    await rig.worker.stop();
  });

  test('a password in an upstream is not reported', async () => {
    const rig = engineRig([mirrorOf('m', { upstream: 'https://user:s3cret@git.example.org/m.git' })]);
    await rig.worker.start();
    await rig.settle();
    expect(rig.reports[0]?.upstream).toBe('https://git.example.org/m.git');
    await rig.worker.stop();
  });

  test('a clock that is set re-plans what is due at a time of day', async () => {
    const schedule = { kind: 'cron', expression: '30 4 * * *', timezone: 'UTC' } as const;
    const rig = engineRig([mirrorOf('m', { schedule })]);
    await rig.worker.start();
    await rig.settle();
    const day = 24 * 60 * minute;
    const first = rig.job('m').nextDue;
    rig.clock.jumpTo(first + minute);
    await rig.clock.advance(minute);
    expect(rig.job('m')).toMatchObject({ state: 'ready', nextDue: first + day });
    await rig.worker.stop();
  });
});
