import { describe, expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { CachedStore, memoryStore } from '@tunasync/store';
import { waitFor } from '@tunasync/test-utils';
import schedule from 'node-schedule';
import { createManager } from '../src/index.js';
import { startChores } from '../src/upkeep/chores.js';
import { reportOf } from './api.js';
import { call } from './http-call.js';
import { runOf } from './run-of.js';

describe('what a manager does by itself', () => {
  test('a manager that stops stores when its workers were last heard of', async () => {
    const store = await CachedStore.open(memoryStore());
    const config = { server: { addr: '127.0.0.1', port: 0 }, history: { runsPerMirror: 1, days: 1 } };
    const manager = createManager({ config, store, logger: memoryLogger() });
    await manager.start();
    const post = (path: string, body: unknown): ReturnType<typeof call> =>
      call(manager.url ?? '', 'POST', path, JSON.stringify(body));
    await post('/workers', { id: 'w1' });
    const registered = store.worker('w1')?.last_online ?? '';
    await post('/workers/w1/jobs/a', reportOf('a'));
    for (const age of [10, 20]) await post('/workers/w1/runs', runOf('a', Date.now() - age));
    expect((await call(manager.url ?? '', 'GET', '/jobs/a/history')).json).toHaveLength(1);
    const before = Date.now();
    while (Date.now() === before) await new Promise((resolve) => setImmediate(resolve));
    await post('/workers/w1/heartbeat', {});
    await manager.stop();
    expect(Date.parse(store.worker('w1')?.last_online ?? '')).toBeGreaterThan(Date.parse(registered));
    await store.close();
  });

  test('old runs are forgotten, and the times of heartbeats stored, again and again until it stops', async () => {
    const logger = memoryLogger();
    const calls = { history: 0, online: 0 };
    const app = {
      pruneHistory: () => Promise.resolve(++calls.history),
      keepLastOnline: () => {
        calls.online++;
        return Promise.resolve();
      },
    };
    const chores = await startChores(app, logger, { history: '* * * * * *', lastOnline: '* * * * * *' });
    expect(Object.keys(schedule.scheduledJobs)).toHaveLength(2);
    await waitFor('two rounds', () => calls.history >= 2 && calls.online >= 2);
    await chores.stop();
    expect(logger.messages().slice(0, 2)).toEqual(['Forgot 1 old run', 'Forgot 2 old runs']);
    // no timer of theirs is left
    expect(Object.keys(schedule.scheduledJobs)).toEqual([]);
  });

  test('a chore that fails is warned of and ends nothing', async () => {
    const logger = memoryLogger();
    const chores = await startChores(
      {
        pruneHistory: () => Promise.resolve(0),
        keepLastOnline: () => Promise.reject(new TypeError('No space left on device')),
      },
      logger,
    );
    await chores.stop();
    expect(logger.messages()).toEqual(['Cannot store when workers were heard of: No space left on device']);
  });
});
