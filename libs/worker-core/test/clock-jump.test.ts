import { describe, expect, test } from '@jest/globals';
import type { MirrorConfig } from '@tunasync/config';
import { parseBlackout, parseCron } from '@tunasync/scheduler';
import { SettableClock } from '@tunasync/test-utils';
import { createWorker } from '../src/index.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf, mirrorOf } from './support/mirror.js';
import { TimedExecutor } from './support/timed-executor.js';

const minute = 60_000;
const hour = 60 * minute;

/** A worker of one mirror whose syncs take a minute, from Monday noon on, and when they started. */
async function rig(values: Partial<MirrorConfig>) {
  const clock = new SettableClock(Date.parse('2026-11-23T12:00:00Z'));
  const starts: string[] = [];
  const worker = createWorker({
    config: configOf([mirrorOf('debian', values)]),
    clock,
    executor: new TimedExecutor(clock, () => minute),
    hooks: [],
    providers: [fakeProvider()],
  });
  worker.on('run-started', ({ at }) => void starts.push(new Date(at).toISOString().slice(0, 16)));
  await worker.start();
  await clock.inner.advance(0);
  return {
    clock,
    starts,
    worker,
    pass: (ms: number) => clock.inner.advance(ms),
    nextDue: () => new Date(worker.jobs()[0]?.nextDue ?? 0).toISOString().slice(0, 16),
    waits: () => worker.jobs()[0]?.waits,
    [Symbol.asyncDispose]: () => worker.stop(),
  };
}

const halfPastFour = { schedule: parseCron('30 16 * * *', 'UTC') };

describe('a clock that is set forward', () => {
  test('past a time of day: that is not caught up with', async () => {
    await using all = await rig(halfPastFour);
    expect(all.nextDue()).toBe('2026-11-23T16:30');
    all.clock.set(Date.parse('2026-11-23T20:00:00Z'));
    await all.pass(minute);
    expect(all.starts).toEqual([]);
    expect(all.nextDue()).toBe('2026-11-24T16:30');
    await all.pass(20 * hour + 29 * minute);
    expect(all.starts).toEqual(['2026-11-24T16:30']);
  });

  test('past the end of an interval: the sync begins within a minute', async () => {
    await using all = await rig({ schedule: { kind: 'interval', minutes: 120 } });
    await all.pass(10 * minute);
    all.clock.set(Date.parse('2026-11-23T20:00:00Z'));
    await all.pass(minute);
    expect(all.starts).toEqual(['2026-11-23T12:00', '2026-11-23T20:01']);
  });

  test('into a blackout: the sync waits for its end, and says so', async () => {
    await using all = await rig({
      schedule: { kind: 'interval', minutes: 120 },
      blackout: [parseBlackout('18:00-22:00')],
    });
    await all.pass(10 * minute);
    all.clock.set(Date.parse('2026-11-23T20:00:00Z'));
    await all.pass(minute);
    expect(all.waits()).toEqual({ for: 'blackout', until: Date.parse('2026-11-23T22:00:00Z') });
    await all.pass(118 * minute);
    expect(all.starts).toEqual(['2026-11-23T12:00']);
    await all.pass(minute);
    expect(all.starts).toEqual(['2026-11-23T12:00', '2026-11-23T22:00']);
  });
});

describe('a clock that is set back', () => {
  test('a time of day stays that time of day', async () => {
    await using all = await rig(halfPastFour);
    all.clock.set(Date.parse('2026-11-23T09:00:00Z'));
    await all.pass(minute);
    expect(all.nextDue()).toBe('2026-11-23T16:30');
    await all.pass(7 * hour + 28 * minute);
    expect(all.starts).toEqual([]);
    await all.pass(minute);
    expect(all.starts).toEqual(['2026-11-23T16:30']);
  });

  test('by days: the same', async () => {
    await using all = await rig(halfPastFour);
    all.clock.set(Date.parse('2026-11-20T09:00:00Z'));
    await all.pass(minute);
    expect(all.nextDue()).toBe('2026-11-20T16:30');
    await all.pass(7 * hour + 29 * minute);
    expect(all.starts).toEqual(['2026-11-20T16:30']);
  });

  test('an interval stays as long as it was, and everybody is told so', async () => {
    await using all = await rig({ schedule: { kind: 'interval', minutes: 120 } });
    await all.pass(2 * minute);
    expect(all.nextDue()).toBe('2026-11-23T14:01');
    all.clock.set(Date.parse('2026-11-20T12:00:00Z'));
    await all.pass(minute);
    expect(all.nextDue()).toBe('2026-11-20T13:59');
    await all.pass(118 * minute);
    expect(all.starts).toEqual(['2026-11-23T12:00', '2026-11-20T13:59']);
  });

  test('out of a blackout: the sync that waits begins within a minute', async () => {
    await using all = await rig({ blackout: [parseBlackout('08:00-22:00')] });
    expect(all.waits()).toEqual({ for: 'blackout', until: Date.parse('2026-11-23T22:00:00Z') });
    all.clock.set(Date.parse('2026-11-23T05:00:00Z'));
    await all.pass(minute);
    expect(all.starts).toEqual(['2026-11-23T05:01']);
  });
});

test('a cron expression whose last year has passed: the mirror has no next time, and can be started by hand', async () => {
  await using all = await rig({ schedule: parseCron('0 30 12 23 11 * 2026', 'UTC') });
  await all.pass(31 * minute);
  expect(all.starts).toEqual(['2026-11-23T12:30']);
  const [job] = all.worker.jobs();
  expect([job?.state, job?.nextDue]).toEqual(['ready', 0]);
  await all.pass(24 * hour);
  await all.worker.command({ verb: 'start', mirror: 'debian' });
  expect(all.starts).toEqual(['2026-11-23T12:30', '2026-11-24T12:31']);
});
