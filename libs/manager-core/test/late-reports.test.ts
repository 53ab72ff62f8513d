import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TimeoutError, UnreachableError } from '@tunasync/client';
import { nullLogger } from '@tunasync/logger';
import { toWireTime, zeroTime, type MirrorStatus, type SyncStatus } from '@tunasync/protocol';
import { openLevelStore, type StopRecord } from '@tunasync/store';
import { FakeClock, tempDir } from '@tunasync/test-utils';
import { register, reportOf, startApi, type Api } from './api.js';

const minute = 60_000;

/** A manager over a LevelDB that can be restarted; the clock goes on. */
async function restartable() {
  const dir = await tempDir();
  const clock = new FakeClock();
  const open = async (): Promise<Api> =>
    startApi('front', {
      clock,
      backEnd: await openLevelStore(join(dir.path, 'db'), { logger: nullLogger }),
    });
  const site = {
    clock,
    api: await open(),
    async restart(): Promise<void> {
      await site.api[Symbol.asyncDispose]();
      site.api = await open();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await site.api[Symbol.asyncDispose]();
      await dir.remove();
    },
  };
  return site;
}

type Site = Awaited<ReturnType<typeof restartable>>;

/** A worker whose clock is `ahead` milliseconds before the manager's. */
function workerOf(site: Site, ahead = 0) {
  const at = (instant: number): string => toWireTime(instant + ahead);
  return {
    heartbeat: () => site.api.post('/workers/w1/heartbeat', { time: at(site.clock.now()) }),
    /** A report whose run began and ended at these true instants. */
    async report(status: SyncStatus, started: number, ended?: number): Promise<SyncStatus> {
      const last_ended = ended === undefined ? zeroTime : at(ended);
      const last_update = status === 'success' ? last_ended : zeroTime;
      const report = reportOf('a', { status, last_started: at(started), last_ended, last_update });
      const answer = await site.api.post('/workers/w1/jobs/a', report);
      return (answer.json as MirrorStatus).status;
    },
  };
}

const command = (site: Site, cmd: string): ReturnType<Api['post']> =>
  site.api.post('/cmd', { cmd, mirror_id: 'a', worker_id: 'w1' });
const stored = (site: Site): SyncStatus | undefined => site.api.store.status('w1', 'a')?.status;
const stops = (site: Site): Promise<StopRecord[]> => site.api.store.listStops();

describe('a report that was on its way when the mirror was stopped', () => {
  test.each([
    ['stop', 'paused'],
    ['disable', 'disabled'],
  ])('does not undo the %s, also after a restart of the manager', async (cmd, state) => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    const started = site.clock.now();
    await site.clock.advance(10 * minute);
    const stopped = site.clock.now();
    expect((await command(site, cmd)).status).toBe(200);
    await site.restart();
    await site.clock.advance(60 * minute);
    expect(await worker.report('pre-syncing', started)).toBe(state);
    expect(await worker.report('syncing', started)).toBe(state);
    expect(await worker.report('success', started, stopped - 1)).toBe(state);
    // it still tells when things happened
    expect(site.api.store.status('w1', 'a')).toMatchObject({
      last_started: toWireTime(started),
      last_ended: toWireTime(stopped - 1),
      last_update: toWireTime(stopped - 1),
    });
    await site.restart();
    expect(await worker.report('failed', started, stopped - 1)).toBe(state);
  });

  test('a newer run is taken after a start, and the stop is forgotten', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    await command(site, 'stop');
    await site.restart();
    await site.clock.advance(minute);
    await command(site, 'start');
    expect(await stops(site)).toEqual([]);
    await site.restart();
    expect(await worker.report('pre-syncing', site.clock.now())).toBe('pre-syncing');
  });

  test('a run that was started through another manager is taken, too', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    await command(site, 'stop');
    await site.restart();
    await site.clock.advance(minute);
    expect(await worker.report('pre-syncing', site.clock.now())).toBe('pre-syncing');
    expect(await stops(site)).toEqual([]);
  });

  test.each([
    ['refuses', 502, () => Promise.resolve({ status: 500, message: 'no' })],
    [
      'cannot be reached for',
      500,
      () => Promise.reject(new UnreachableError('http://w1/', 'refused', 'refused')),
    ],
  ])('a start that the worker %s leaves it stopped', async (_, status, answer) => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    const started = site.clock.now() - minute;
    await command(site, 'disable');
    const before = await stops(site);
    site.api.answer = answer;
    expect((await command(site, 'start')).status).toBe(status);
    expect(await stops(site)).toEqual(before);
    await site.restart();
    expect(await worker.report('success', started, started + 1)).toBe('disabled');
  });

  test('a start that may have been carried out ends the stop', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    await command(site, 'stop');
    site.api.answer = () => Promise.reject(new TimeoutError('http://w1/', 4500));
    expect((await command(site, 'restart')).status).toBe(504);
    expect(await stops(site)).toEqual([]);
  });

  test('a stop that cannot be stored is not sent', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    await site.api.store.close();
    expect((await command(site, 'stop')).status).toBe(500);
    expect(site.api.sent).toEqual([]);
  });
});

describe('a pause that was on its way when the mirror was disabled', () => {
  test('does not make it a paused one: a flush drops it', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    await worker.heartbeat();
    const started = site.clock.now();
    await site.clock.advance(10 * minute);
    await command(site, 'stop');
    await site.clock.advance(minute);
    site.api.answer = () => Promise.reject(new UnreachableError('http://w1/', 'refused', 'refused'));
    expect((await command(site, 'disable')).status).toBe(500);
    await site.restart();
    expect(await worker.report('paused', started)).toBe('disabled');
    // nor does what comes after it
    expect(await worker.report('success', started, started + minute)).toBe('disabled');
    await site.api.delete('/jobs/disabled');
    expect(stored(site)).toBeUndefined();
  });

  test('counts when it is newer, as of a mirror that was started again elsewhere', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    await command(site, 'disable');
    await site.clock.advance(minute);
    expect(await worker.report('paused', site.clock.now())).toBe('paused');
  });
});

describe('when the clocks differ', () => {
  describe.each([
    ['5 minutes ahead', 5 * minute],
    ['5 minutes behind', -5 * minute],
  ])('and the worker is %s', (_, ahead) => {
    test.each([false, true])(
      'what is late is told from what is new; manager restarted: %s',
      async (restarted) => {
        await using site = await restartable();
        await register(site.api, 'w1', 'a');
        const worker = workerOf(site, ahead);
        await worker.heartbeat();
        const started = site.clock.now();
        await site.clock.advance(10 * minute);
        const stopped = site.clock.now();
        await command(site, 'stop');
        if (restarted) await site.restart();
        // before any heartbeat: what the outbox holds comes first
        await site.clock.advance(1000);
        expect(await worker.report('syncing', started)).toBe('paused');
        expect(await worker.report('failed', started, stopped - minute)).toBe('paused');
        await site.clock.advance(minute);
        // made one minute after the stop
        expect(await worker.report('pre-syncing', site.clock.now())).toBe('pre-syncing');
        expect(await stops(site)).toEqual([]);
      },
    );
  });

  test('a clock that was set meanwhile is noticed by heartbeats', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    await workerOf(site).heartbeat();
    const started = site.clock.now();
    await site.clock.advance(10 * minute);
    await command(site, 'stop');
    const worker = workerOf(site, 30 * minute);
    await worker.heartbeat();
    await site.clock.advance(1000);
    expect(await worker.report('success', started, started + minute)).toBe('paused');
    expect(await worker.report('pre-syncing', site.clock.now())).toBe('pre-syncing');
  });

  test('nobody knows by how much: what came before the own report of the worker is late on its own clock', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site, -5 * minute);
    const started = site.clock.now();
    await site.clock.advance(10 * minute);
    await command(site, 'stop');
    await site.clock.advance(1000);
    expect(await worker.report('paused', started, site.clock.now())).toBe('paused');
    await site.restart();
    // a request that the network held up
    expect(await worker.report('syncing', started)).toBe('paused');
    await site.clock.advance(1000);
    expect(await worker.report('pre-syncing', site.clock.now())).toBe('pre-syncing');
  });
});

describe('a stop that only the worker tells of', () => {
  test('is not undone by what it reported before and comes later', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    const started = site.clock.now() - 10 * minute;
    const ended = started + minute;
    expect(await worker.report('disabled', started, ended)).toBe('disabled');
    await site.restart();
    expect(await worker.report('success', started, ended)).toBe('disabled');
    // told late, when the manager was away: all of it happened before now
    expect(await worker.report('pre-syncing', ended + minute, ended)).toBe('pre-syncing');
    expect(await stops(site)).toEqual([]);
  });

  test('said again writes no second record', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    const ended = site.clock.now() - minute;
    await worker.report('paused', ended, ended);
    const [stop] = await stops(site);
    await worker.report('paused', ended, ended);
    expect(await stops(site)).toEqual([stop]);
    expect(stop).toEqual({ worker: 'w1', name: 'a', reported: ended });
  });

  test('of a worker that carries no times is undone by whatever comes next, as with the original', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    for (const status of ['paused', 'syncing'] as const) {
      await site.api.post('/workers/w1/jobs/a', reportOf('a', { status }));
      expect(stored(site)).toBe(status);
    }
    expect(await stops(site)).toEqual([]);
  });

  test('a second command keeps what the worker had told', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a');
    const worker = workerOf(site);
    const ended = site.clock.now() - 10 * minute;
    await worker.report('paused', ended, ended);
    // started through another manager, and stopped through this one before it heard of that
    const again = site.clock.now() - minute;
    await command(site, 'stop');
    await site.clock.advance(minute);
    expect(await worker.report('pre-syncing', again, ended)).toBe('paused');
    expect(await worker.report('syncing', ended, ended)).toBe('paused');
  });
});

describe('stops are cleaned up', () => {
  test('with a flush and with the worker', async () => {
    await using site = await restartable();
    await register(site.api, 'w1', 'a', 'b');
    await command(site, 'disable');
    await site.api.post('/cmd', { cmd: 'stop', mirror_id: 'b', worker_id: 'w1' });
    expect(await stops(site)).toHaveLength(2);
    await site.api.delete('/jobs/disabled');
    expect((await stops(site)).map(({ name }) => name)).toEqual(['b']);
    await site.api.delete('/workers/w1');
    expect(await stops(site)).toEqual([]);
    await site.restart();
    expect(await stops(site)).toEqual([]);
  });
});

test('a request of a run that has succeeded already, held up by the network, does not begin it again', async () => {
  await using site = await restartable();
  await register(site.api, 'w1', 'a');
  const worker = workerOf(site);
  const started = site.clock.now() - 10 * minute;
  await worker.report('pre-syncing', started);
  await worker.report('success', started, started + minute);
  for (const status of ['syncing', 'pre-syncing'] as const) {
    expect(await worker.report(status, started)).toBe('success');
  }
  expect(site.api.store.status('w1', 'a')?.last_ended).toBe(toWireTime(started + minute));
  expect(await worker.report('pre-syncing', started + 2 * minute, started + minute)).toBe('pre-syncing');
});
