import { describe, expect, test } from '@jest/globals';
import { toWireTime } from '@tunasync/protocol';
import type { KeyValue, WorkerFacts } from '../src/index.js';
import { FakeKeyValue, FakeManager, report, runRecord } from './support/fake-manager.js';
import { managerRig, managerRigOn, type ManagerRigOptions } from './support/manager-rig.js';

const facts: WorkerFacts = {
  version: '0.1.0',
  slots: 4,
  running: 1,
  queued: 2,
  filesystems: [{ path: '/data', total: 100, free: 40 }],
  mirrors: 3,
  waits: { debian: { for: 'slot' } },
};

async function connected(options: ManagerRigOptions = {}, manager = new FakeManager(), kv?: KeyValue) {
  const all = { fakes: [manager], facts: () => Promise.resolve(facts), ...options };
  const rig = kv === undefined ? managerRig(all) : await managerRigOn(kv, all);
  rig.link.start();
  await rig.settle();
  return { ...rig, manager };
}

describe('heartbeats', () => {
  test('say every 30 s how the worker is, with what is still to be delivered', async () => {
    const { link, manager, clock, settle } = await connected();
    expect(manager.heartbeats).toEqual([{ ...facts, time: toWireTime(clock.now()), outbox: 0 }]);
    await clock.advance(29_000);
    expect(manager.heartbeats).toHaveLength(1);
    manager.answerTo = () => 503;
    link.status(report('debian', 'success'));
    await settle();
    await clock.advance(1000);
    await settle();
    expect(manager.heartbeats[1]).toMatchObject({ outbox: 1 });
    manager.answerTo = () => undefined;
    await clock.advance(60_000);
    expect(manager.heartbeats).toHaveLength(4);
    await link.close();
    await clock.advance(60_000);
    expect(manager.heartbeats).toHaveLength(4);
  });

  test('come within 5 s, and once, when it is another thing that a job waits for', async () => {
    const { link, manager, clock, settle } = await connected();
    link.factsChanged();
    await clock.advance(3000);
    link.factsChanged();
    expect(manager.heartbeats).toHaveLength(1);
    await clock.advance(2000);
    await settle();
    expect(manager.heartbeats).toHaveLength(2);
    // the next one counts from there
    await clock.advance(29_000);
    expect(manager.heartbeats).toHaveLength(2);
    await clock.advance(1000);
    await settle();
    expect(manager.heartbeats).toHaveLength(3);
    link.factsChanged();
    await link.close();
    await clock.advance(60_000);
    expect(manager.heartbeats).toHaveLength(3);
  });

  test('are not sent to a manager that has no such route, until an hour has passed', async () => {
    const manager = new FakeManager();
    manager.old = true;
    const { link, clock } = await connected({ quietMs: 86_400_000 }, manager);
    const asked = manager.requests;
    await clock.advance(3_500_000);
    expect(manager.requests).toBe(asked);
    manager.old = false;
    await clock.advance(200_000);
    expect(manager.heartbeats.length).toBeGreaterThan(0);
    await link.close();
  });

  test('of a worker that the manager does not know any more make it register again', async () => {
    const { link, manager, clock, settle } = await connected();
    manager.loseEverything();
    await clock.advance(30_000);
    await settle();
    expect(manager.workers.has('w1')).toBe(true);
    await clock.advance(30_000);
    expect(manager.heartbeats.length).toBeGreaterThan(1);
    await link.close();
  });
});

describe('progress', () => {
  test('goes out at most once a second, the latest of each mirror, and never after the end of its run', async () => {
    const { link, manager, clock, settle } = await connected();
    link.progress({ name: 'a', bytes: 1 });
    link.progress({ name: 'b', bytes: 5 });
    link.progress({ name: 'a', bytes: 2 });
    link.progress({ name: 'gone', bytes: 9 });
    void link.run(runRecord('gone', 'r1'));
    await settle();
    expect(manager.progress).toEqual([]);
    await clock.advance(1000);
    expect(manager.progress).toEqual([
      [
        { name: 'a', bytes: 2 },
        { name: 'b', bytes: 5 },
      ],
    ]);
    await clock.advance(10_000);
    expect(manager.progress).toHaveLength(1);
    await link.close();
  });

  test('of a manager that is away is dropped', async () => {
    const { link, manager, clock, settle } = await connected();
    manager.down = true;
    link.progress({ name: 'a', bytes: 1 });
    await clock.advance(1000);
    manager.down = false;
    await clock.advance(5000);
    await settle();
    expect(manager.progress).toEqual([]);
    await link.close();
  });
});

describe('run records', () => {
  test('are delivered after the status of their run, in order, also by the next process', async () => {
    const kv = new FakeKeyValue();
    const manager = new FakeManager();
    manager.down = true;
    const first = await connected({ facts: undefined }, manager, kv);
    first.link.status(report('a', 'success'));
    await first.link.run(runRecord('a', 'r1', { bytes_transferred: 7 }));
    first.link.status(report('a', 'syncing'));
    await first.settle();
    await first.link.close({ waitMs: 0 });
    manager.down = false;
    const second = await connected({ facts: undefined }, manager, kv);
    await second.clock.advance(5000);
    await second.settle();
    expect(manager.reports).toEqual(['a success', 'a run r1', 'a syncing']);
    expect(manager.runs).toEqual([runRecord('a', 'r1', { bytes_transferred: 7 })]);
    await second.link.close();
    expect(kv.keys('outbox/')).toEqual([]);
  });

  test('are dropped without a word for a manager that keeps no history', async () => {
    const manager = new FakeManager();
    manager.old = true;
    const { link, logger, settle } = await connected({}, manager);
    void link.run(runRecord('a', 'r1'));
    link.status(report('a', 'syncing'));
    await settle();
    expect(manager.reports).toEqual(['a syncing']);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    await link.close();
  });

  test('are not offered again to a manager that keeps no history, until ten minutes have passed', async () => {
    const manager = new FakeManager();
    manager.old = true;
    const { link, clock, settle } = await connected({ facts: undefined, quietMs: 86_400_000 }, manager);
    void link.run(runRecord('a', 'r1'));
    await settle();
    const asked = manager.requests;
    await clock.advance(590_000);
    void link.run(runRecord('a', 'r2'));
    await settle();
    expect(manager.requests).toBe(asked);
    manager.old = false;
    await clock.advance(10_000);
    void link.run(runRecord('a', 'r3'));
    await settle();
    expect(manager.runs.map(({ id }) => id)).toEqual(['r3']);
    await link.close();
  });

  test('that a manager refuses are named', async () => {
    const { link, manager, logger, settle } = await connected();
    manager.reportRun = () =>
      Promise.reject(Object.assign(new RangeError('id is too long'), { httpStatus: 400 }));
    void link.run(runRecord('a', 'r1'));
    await settle();
    expect(logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      'the run record of a is dropped, the manager refuses it: id is too long',
    ]);
    await link.close();
  });
});
