import { describe, expect, test } from '@jest/globals';
import { isZeroTime, toUnixMillis } from '@tunasync/protocol';
import { memoryState, type JobRecord } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { fakeProvider } from './support/fake-provider.js';
import { mirrorOf } from './support/mirror.js';

/** A worker that starts while nothing runs any more: the command ended at `endedAt`, unseen. */
function rigWithEnd(endedAt: (now: number) => number, options: { code?: number; stages?: number } = {}) {
  const mirror = mirrorOf('m', { retry: 2, intervalMinutes: 60 });
  const record: JobRecord = {
    ...newRecord('m'),
    lastStatus: 'syncing',
    lastStarted: 1000,
    run: {
      id: 'run-1',
      attempt: 1,
      attemptStarted: 1000,
      command: 0,
      handle: { executor: 'fake', id: 'old' },
      logFile: '/nowhere/old.log',
    },
  };
  const providers = [fakeProvider({ stages: options.stages ?? 1 })];
  const rig = engineRig([mirror], { state: memoryState([record]), providers });
  const at = endedAt(rig.clock.now());
  const old = Object.assign(rig.executor.survivor('m', 'old'), { endedAt: at });
  old.end(options.code ?? 0);
  return { ...rig, at };
}

const times = ({ reports, runs }: ReturnType<typeof engineRig>) => {
  const status = reports.at(-1);
  return {
    updated: status && !isZeroTime(status.last_update) ? toUnixMillis(status.last_update) : 0,
    ended: toUnixMillis(status?.last_ended ?? ''),
    recorded: runs.map(({ ended }) => toUnixMillis(ended)),
  };
};

describe('a command that ended while no worker was there', () => {
  test('gives its run the time of its own end, and the next one an interval after that', async () => {
    const rig = rigWithEnd((now) => now - 600_000);
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual(['success']);
    expect(times(rig)).toEqual({ updated: rig.at, ended: rig.at, recorded: [rig.at] });
    expect(rig.job('m').nextDue).toBe(rig.at + 3_600_000);
    await rig.worker.stop();
  });

  test('longer than an interval ago is followed by a run at once', async () => {
    const rig = rigWithEnd((now) => now - 7_200_000);
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(1000);
    expect(times(rig).recorded).toEqual([rig.at]);
    expect(rig.job('m').state).toBe('running');
    await rig.worker.stop();
  });

  test('and failed gives its attempt that time; the next attempt is made a pause from now', async () => {
    const rig = rigWithEnd((now) => now - 600_000, { code: 3 });
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual(['failed exit status 3']);
    expect(times(rig)).toMatchObject({ updated: 0, ended: rig.at, recorded: [] });
    expect(rig.job('m').waits).toMatchObject({ for: 'retry' });
    await rig.worker.stop();
  });

  test('is followed by the next one of its attempt, whose end then counts', async () => {
    const rig = rigWithEnd((now) => now - 600_000, { stages: 2 });
    await rig.worker.start();
    await rig.settle();
    await rig.clock.advance(5000);
    rig.executor.of('m').end(0);
    await rig.settle();
    expect(times(rig).recorded).toEqual([rig.clock.now()]);
    await rig.worker.stop();
  });

  test('never ends before it began or in the future, whatever a clock has done', async () => {
    const early = rigWithEnd(() => 5);
    await early.worker.start();
    await early.settle();
    expect(times(early).recorded).toEqual([1000]);
    await early.worker.stop();
    const late = rigWithEnd((now) => now + 86_400_000);
    await late.worker.start();
    await late.settle();
    expect(times(late).recorded).toEqual([late.clock.now()]);
    await late.worker.stop();
  });
});
