import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { hostExecutor } from '@tunasync/executors';
import { nullLogger } from '@tunasync/logger';
import { DurableKv } from '@tunasync/store';
import { FakeClock, tempDir, waitFor } from '@tunasync/test-utils';
import { createManagerLink, createWorker, openWorkerState, type JobRecord } from '../src/index.js';
import { FakeManager } from './support/fake-manager.js';
import { configOf, mirrorOf } from './support/mirror.js';

/**
 * The database of a worker of the version before the transactional outbox. It was killed while its manager was away, a
 * sync of `running` was in progress, and the run of `done` had not been delivered.
 */
const fixture = fileURLToPath(new URL('fixtures/state-0.1', import.meta.url));
const id = 'e2e-worker';
const address = 'http://127.0.0.1:19142';
const env = { PATH: '/usr/bin:/bin' };

/** Starts the sync that the earlier worker left running, and puts its process into the record. */
async function leaveRunning(folder: string, kv: DurableKv): Promise<void> {
  const script = 'while ! [ -e gate ]; do sleep 0.05; done; exit 3';
  const { handle } = await hostExecutor({ stateDir: join(folder, 'state'), env }).start(
    { argv: ['sh', '-c', script], cwd: folder, env: {}, logFile: join(folder, 'log') },
    { mirror: 'running', id: 'left' },
  );
  const record = JSON.parse((await kv.get('job/running')) ?? '') as JobRecord;
  const earlier = record.run?.handle;
  expect(Object.keys(earlier ?? {}).sort()).toEqual(Object.keys(handle).sort());
  const value = JSON.stringify({ ...record, run: { ...record.run, handle } });
  await kv.write([{ type: 'put', key: 'job/running', value }]);
}

test('a worker opens the state of an earlier version, delivers its reports once and adopts its sync', async () => {
  await using temp = await tempDir();
  const folder = temp.path;
  await cp(fixture, join(folder, 'records'), { recursive: true });
  await using kv = await DurableKv.open(join(folder, 'records'), { logger: nullLogger });
  await leaveRunning(folder, kv);
  const clock = new FakeClock(Date.parse('2026-12-01T02:35:00Z'));
  const manager = new FakeManager(address);
  const state = await openWorkerState(kv, { logger: nullLogger, clock });
  const reports = createManagerLink({
    worker: { id, url: 'http://w1:6000/' },
    managers: [address],
    state,
    logger: nullLogger,
    clock,
    connect: () => manager,
  });
  const mirrors = ['done', 'paused', 'running'].map((name) =>
    mirrorOf(name, {
      provider: 'command',
      command: 'false',
      workingDir: folder,
      logDir: join(folder, 'logs'),
    }),
  );
  const config = configOf(mirrors);
  const worker = createWorker({
    config: { ...config, global: { ...config.global, name: id } },
    state,
    reports,
    clock,
    env,
    executor: hostExecutor({ stateDir: join(folder, 'state'), env }),
    hooks: [],
  });
  reports.start();
  await worker.start();
  await waitFor('the reports that were left', async () => {
    await clock.advance(0);
    return manager.runs.length === 1;
  });
  expect(manager.reports.filter((line) => line.startsWith('done '))).toEqual([
    'done pre-syncing',
    'done syncing',
    'done failed',
    'done run 91f952a5-3361-4fdb-b6ca-cdd0f71b1a14',
  ]);
  expect(worker.jobs().map(({ name, state: at }) => [name, at])).toEqual([
    ['done', 'ready'],
    ['paused', 'paused'],
    ['running', 'running'],
  ]);
  await writeFile(join(folder, 'gate'), '');
  await waitFor('the end of the adopted sync', async () => {
    await clock.advance(0);
    return manager.runs.length === 2;
  });
  expect(manager.runs).toMatchObject([
    { name: 'done', result: 'failed', exit_code: 1, ended: '2026-12-01T02:34:47.892Z' },
    { name: 'running', id: '787db1d9-1ac3-4719-a47e-4e6441a94d81', result: 'failed', exit_code: 3 },
  ]);
  await worker.stop();
  await reports.close();
  await state.close();
  expect(await kv.keys('outbox/')).toEqual([]);
  expect(manager.runs).toHaveLength(2);
});
