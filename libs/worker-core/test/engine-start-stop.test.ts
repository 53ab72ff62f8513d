import { describe, expect, test } from '@jest/globals';
import { toUnixMillis, toWireTime, TunasyncError, zeroTime, type MirrorStatus } from '@tunasync/protocol';
import { tempDir } from '@tunasync/test-utils';
import { createWorker, memoryState } from '../src/index.js';
import { newRecord } from '../src/job/report.js';
import { engineRig } from './support/engine-rig.js';
import { fakeProvider } from './support/fake-provider.js';
import { configOf, mirrorOf } from './support/mirror.js';

const now = Date.parse('2026-11-23T12:00:00Z');
const later = now + 30 * 60_000;

function statusOf(name: string, status: MirrorStatus['status'], lastUpdate = now - 60_000): MirrorStatus {
  return {
    name,
    worker: 'w1',
    is_master: true,
    status,
    last_update: toWireTime(lastUpdate),
    last_started: zeroTime,
    last_ended: zeroTime,
    next_schedule: zeroTime,
    upstream: '',
    size: '1G',
    error_msg: '',
  };
}

describe('start', () => {
  test('goes by what the manager knows, and posts the whole schedule once', async () => {
    const statuses = [statusOf('a', 'success'), statusOf('b', 'paused'), statusOf('c', 'disabled')];
    const rig = engineRig(['a', 'b', 'c'], { restore: () => Promise.resolve({ statuses: statuses }) });
    await rig.worker.start();
    await rig.settle();
    expect(rig.worker.jobs().map(({ state }) => state)).toEqual(['ready', 'paused', 'disabled']);
    const posts = rig.schedules.map((schedule) =>
      schedule.map(({ name, next_schedule }) => [name, (toUnixMillis(next_schedule) - now) / 60_000]),
    );
    expect(posts).toEqual([[['a', 59]]]);
    expect(rig.reports).toEqual([]);
    await rig.worker.stop();
  });

  test('tells a manager that is new what it knows of mirrors that ran before, but nothing of disabled ones', async () => {
    const ran = {
      lastStatus: 'success',
      lastUpdate: now - 60_000,
      lastEnded: now - 60_000,
      nextDue: later,
    } as const;
    const rig = engineRig(['known', 'ran', 'paused', 'disabled', 'new'], {
      state: memoryState([
        { ...newRecord('known'), ...ran },
        { ...newRecord('ran'), ...ran, size: '2G' },
        { ...newRecord('paused'), mode: 'paused' },
        { ...newRecord('disabled'), ...ran, mode: 'disabled' },
      ]),
      restore: () => Promise.resolve({ statuses: [statusOf('known', 'success')] }),
    });
    await rig.worker.start();
    const told = rig.reports.filter(({ name }) => name !== 'new');
    expect(told.map(({ name, status }) => [name, status])).toEqual([
      ['ran', 'success'],
      ['paused', 'paused'],
    ]);
    expect(told[0]).toMatchObject({
      last_update: toWireTime(now - 60_000),
      last_ended: toWireTime(now - 60_000),
      next_schedule: toWireTime(later),
      size: '2G',
    });
    await rig.worker.stop();
  });

  test('does not tell again of a mirror whose reports are still on their way', async () => {
    const ran = {
      lastStatus: 'success',
      lastUpdate: now - 60_000,
      lastEnded: now - 60_000,
      nextDue: later,
    } as const;
    const told: string[] = [];
    const rig = engineRig(['queued', 'untold'], {
      state: memoryState([
        { ...newRecord('queued'), ...ran },
        { ...newRecord('untold'), ...ran },
      ]),
      restore: () => Promise.resolve({ statuses: [], undelivered: new Set(['queued']) }),
      reports: {
        status: ({ name }) => void told.push(name),
        scheduleChanged: () => undefined,
      },
    });
    await rig.worker.start();
    expect(told).toEqual(['untold']);
    await rig.worker.stop();
  });

  test('goes by its own record when asking fails, and says so', async () => {
    const rig = engineRig(['a'], {
      state: memoryState([{ ...newRecord('a'), nextDue: later }]),
      restore: () => Promise.reject(new TunasyncError('TEST', 'connection refused')),
    });
    await rig.worker.start();
    expect(rig.job('a')).toMatchObject({ state: 'ready', nextDue: later });
    expect(rig.logger.messages('warn')).toEqual(['no manager told what it knows: connection refused']);
    await rig.worker.stop();
  });

  test('twice begins once', async () => {
    const rig = engineRig(['a']);
    await Promise.all([rig.worker.start(), rig.worker.start()]);
    await rig.worker.start();
    await rig.settle();
    expect(rig.executor.started).toHaveLength(1);
    await rig.worker.stop();
  });

  test('forgets what it kept of mirrors that are gone', async () => {
    const rig = engineRig(['a'], { state: memoryState([newRecord('gone')]) });
    await rig.worker.start();
    await rig.settle();
    expect([...(await rig.state.load()).keys()]).not.toContain('gone');
    await rig.worker.stop();
  });

  test('fails with what keeps the records from being read, and begins nothing', async () => {
    const state = memoryState();
    state.load = () => Promise.reject(new TunasyncError('STORE_DAMAGED', 'the database is damaged'));
    const rig = engineRig(['a'], { state });
    await expect(rig.worker.start()).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    expect(rig.worker.jobs()).toEqual([]);
    await rig.worker.stop();
    expect(rig.clock.pending).toBe(0);
  });

  test('refuses two providers of the same name', () => {
    const providers = [fakeProvider(), fakeProvider()];
    expect(() => createWorker({ config: configOf([]), providers })).toThrow(
      expect.objectContaining({ code: 'PROVIDER_DUPLICATE' }),
    );
  });
});

describe('many due jobs', () => {
  test('defect 1: start at once, limited by the slots only, in due order', async () => {
    const names = Array.from({ length: 500 }, (_, n) => `m${n}`);
    const rig = engineRig(names, { concurrent: 400 });
    await rig.worker.start();
    await rig.settle();
    expect(rig.executor.started.map(({ mirror }) => mirror)).toEqual(names.slice(0, 400));
    expect(rig.job('m400')).toMatchObject({ state: 'queued', waits: { for: 'slot' } });
    for (const execution of rig.executor.started.slice(0, 100)) execution.end();
    await rig.settle();
    expect(rig.executor.started).toHaveLength(500);
    await rig.worker.stop();
    expect(rig.executor.running).toEqual([]);
  });

  test('defect 2: jobs that are due at the same instant all run', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `m${n}`);
    const state = memoryState(names.map((name) => ({ ...newRecord(name), nextDue: later })));
    const rig = engineRig(names, { concurrent: 50, state });
    await rig.worker.start();
    await rig.clock.advance(later - now);
    expect(new Set(rig.executor.running.map(({ mirror }) => mirror)).size).toBe(50);
    await rig.worker.stop();
  });
});

describe('mirrors that cannot be run', () => {
  test('fail alone, at once and with the reason; others run', async () => {
    const mirrors = [mirrorOf('bad', { provider: 'nope', retry: 5 }), mirrorOf('good')];
    const rig = engineRig(mirrors);
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('bad')).toEqual([
      'pre-syncing',
      'syncing',
      "failed unknown provider 'nope', expected one of rsync, two-stage-rsync, command, fake",
    ]);
    expect(rig.job('bad').state).toBe('ready');
    expect(rig.job('good').state).toBe('running');
    await rig.worker.stop();
  });

  test('a hook that cannot be made fails its mirror', async () => {
    const rig = engineRig(['m'], {
      hooks: [
        {
          name: 'picky',
          create: () => {
            throw new TunasyncError('HOOK_CONFIG_INVALID', 'exec_on_success[0]: unclosed quote');
          },
        },
      ],
    });
    await rig.worker.start();
    await rig.settle();
    expect(rig.told('m')).toEqual([
      'pre-syncing',
      'failed error exec hook pre-job: exec_on_success[0]: unclosed quote',
    ]);
    await rig.worker.stop();
  });
});

describe('stop', () => {
  test('ends all runs at the same time, tells of each, and leaves no timer', async () => {
    const rig = engineRig(['a', 'b', 'waiting', 'idle'], {
      concurrent: 2,
      state: memoryState([{ ...newRecord('idle'), nextDue: later }]),
    });
    rig.executor.killTakesMs = 2000;
    await rig.worker.start();
    await rig.clock.advance(1);
    const stopping = rig.worker.stop();
    await rig.clock.advance(2000);
    await stopping;
    for (const name of ['a', 'b']) expect(rig.told(name).at(-1)).toBe('failed killed by manager');
    expect(rig.told('waiting')).toEqual([]);
    expect(rig.worker.jobs().map(({ state }) => state)).toEqual(['none', 'none', 'none', 'none']);
    expect(rig.clock.pending).toBe(0);
    expect(rig.executor.running).toEqual([]);
  });

  test('what was scheduled or waiting is so again after the next start; what was killed is due', async () => {
    const state = memoryState([
      { ...newRecord('ran'), lastUpdate: now - 3_600_000, nextDue: now },
      { ...newRecord('waiting'), nextDue: now },
      { ...newRecord('idle'), nextDue: later },
    ]);
    const first = engineRig(['ran', 'waiting', 'idle'], { concurrent: 1, state });
    await first.worker.start();
    await first.settle();
    await first.worker.stop();
    const second = engineRig(['ran', 'waiting', 'idle'], { state });
    await second.worker.start();
    expect(second.worker.jobs().map(({ nextDue }) => nextDue - now)).toEqual([0, 0, later - now]);
    await second.worker.stop();
  });

  test('after a crash, what was under way has failed, whenever it is due again', async () => {
    const underWay = { lastUpdate: now - 60_000, lastStarted: now - 30_000, size: '1G' };
    const rig = engineRig(['first', 'second', 'paused', 'good'], {
      state: memoryState([
        { ...newRecord('first'), ...underWay, lastStatus: 'syncing' },
        { ...newRecord('second'), ...underWay, lastStatus: 'pre-syncing' },
        { ...newRecord('paused'), ...underWay, lastStatus: 'syncing', mode: 'paused' },
        { ...newRecord('good'), ...underWay, lastStatus: 'success', nextDue: later },
      ]),
    });
    await rig.worker.start();
    const failed = 'failed signal: killed: the worker ended during the sync';
    expect(['first', 'second', 'paused', 'good'].map(rig.told)).toEqual([[failed], [failed], [], []]);
    expect(rig.reports[0]).toMatchObject({
      last_update: toWireTime(now - 60_000),
      last_ended: toWireTime(now),
      next_schedule: toWireTime(now - 60_000 + 3_600_000),
      size: '1G',
    });
    expect(rig.executor.started).toEqual([]);
    await rig.worker.stop();
  });

  test('a pause survives a restart without any manager', async () => {
    const state = memoryState();
    const first = engineRig(['m'], { state });
    await first.worker.start();
    await first.worker.command({ verb: 'stop', mirror: 'm' });
    await first.worker.stop();
    const second = engineRig(['m'], { state });
    await second.worker.start();
    expect(second.job('m').state).toBe('paused');
    await second.worker.stop();
  });

  test('twice, and without a start, changes nothing; then there is no start any more', async () => {
    const rig = engineRig(['a']);
    await Promise.all([rig.worker.stop(), rig.worker.stop()]);
    await rig.worker.stop();
    await expect(rig.worker.start()).rejects.toMatchObject({ code: 'WORKER_STOPPED' });
  });

  test('during the start begins nothing, and does not wait for a manager to answer', async () => {
    const rig = engineRig(['a'], { restore: () => new Promise(() => undefined) });
    const starting = rig.worker.start();
    await rig.settle();
    await rig.worker.stop();
    await starting;
    await rig.settle();
    expect(rig.executor.started).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  test('at any moment of the start begins nothing, and there is nothing more to be told to it', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const rig = engineRig(['a']);
      const starting = rig.worker.start();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await rig.worker.stop();
      await starting;
      const started = rig.executor.started.length;
      const { status } = await rig.worker.command({ verb: 'start', mirror: 'a' });
      await rig.settle();
      expect([turns, status]).toEqual([turns, 500]);
      expect(rig.executor.started).toHaveLength(started);
      expect(rig.executor.running).toEqual([]);
      expect(rig.clock.pending).toBe(0);
    }
  });

  test('after a start that failed leaves the state folder to others', async () => {
    await using folder = await tempDir();
    const config = configOf([mirrorOf('a')]);
    const cgroup = { enable: true, group: '../elsewhere' };
    const worker = createWorker({ config: { ...config, cgroup }, stateDir: folder.path });
    await expect(worker.start()).rejects.toMatchObject({ code: 'CGROUP_UNUSABLE' });
    await worker.stop();
    const next = createWorker({ config: configOf([]), stateDir: folder.path });
    await next.start();
    expect(next.jobs()).toEqual([]);
    await next.stop();
  });

  test('comes by itself at the end of `await using`', async () => {
    const rig = engineRig(['a']);
    {
      await using worker = rig.worker;
      await worker.start();
      await rig.settle();
      expect(rig.executor.running).toHaveLength(1);
    }
    expect(rig.executor.running).toEqual([]);
  });
});
