import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { DurableKv } from '@tunasync/store';
import { FakeClock, tempDir } from '@tunasync/test-utils';
import { memoryState, openWorkerState, type JobRecord } from '../src/index.js';
import { runReport, statusReport } from '../src/interfaces/report.js';
import { FakeKeyValue, report, runRecord } from './support/fake-manager.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const record = (name: string, more: Partial<JobRecord> = {}): Mutable<JobRecord> => ({
  name,
  mode: 'active',
  lastStatus: 'success',
  lastUpdate: 1,
  lastStarted: 2,
  lastEnded: 3,
  nextDue: 4,
  size: '1.33T',
  errorMsg: '',
  run: {
    id: 'r1',
    attempt: 1,
    attemptStarted: 3,
    command: 0,
    handle: { executor: 'host', pid: 7, bootId: 'x', detached: true, note: null },
    logFile: '/log/x.log',
  },
  ...more,
});

describe('records in a database', () => {
  test('are there again for the next process, and only one process has them', async () => {
    await using folder = await tempDir();
    const path = join(folder.path, 'records');
    {
      await using kv = await DurableKv.open(path, { logger: nullLogger });
      const state = await openWorkerState(kv, { logger: nullLogger });
      state.commit({ record: record('debian') });
      state.commit({ record: record('old') });
      state.commit({ record: record('debian', { mode: 'paused', run: null }) });
      state.commit({ removed: 'old' });
      await state.close();
      await expect(DurableKv.open(path, { logger: nullLogger })).rejects.toMatchObject({
        code: 'STORE_LOCKED',
      });
    }
    await using kv = await DurableKv.open(path, { logger: nullLogger });
    const state = await openWorkerState(kv, { logger: nullLogger });
    expect([...(await state.load())]).toEqual([['debian', record('debian', { mode: 'paused', run: null })]]);
  });

  test('are on disk once they are settled, as they were when they were committed', async () => {
    const kv = new FakeKeyValue();
    const state = await openWorkerState(kv, { logger: nullLogger });
    const mine = record('a');
    state.commit({ record: mine });
    mine.mode = 'disabled';
    await state.settled();
    expect(JSON.parse(kv.data.get('job/a')!)).toEqual(record('a'));
    expect(state.settled()).toBeUndefined();
  });

  test('of one name are written once when many come while a batch is being written', async () => {
    await using folder = await tempDir();
    const batches: string[][] = [];
    const data = new Map<string, string>();
    await using kv = await DurableKv.open(join(folder.path, 'records'), {
      logger: nullLogger,
      openEngine: () =>
        Promise.resolve({
          get: (key) => Promise.resolve(data.get(key)),
          entries: (prefix) => Promise.resolve([...data].filter(([key]) => key.startsWith(prefix))),
          keys: () => Promise.resolve([]),
          batch: async (ops) => {
            await new Promise((resolve) => setImmediate(resolve));
            batches.push(ops.map(({ key }) => key));
            for (const op of ops) if (op.type === 'put') data.set(op.key, op.value);
          },
          close: () => Promise.resolve(),
        }),
    });
    const state = await openWorkerState(kv, { logger: nullLogger });
    state.commit({ record: record('first') });
    // the first batch has gone out by then
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let nth = 0; nth < 100; nth++) state.commit({ record: record('a', { lastUpdate: nth }) });
    state.commit({ record: record('b') });
    await state.settled();
    expect(batches).toEqual([['job/first'], ['job/a', 'job/b']]);
    expect((await state.load()).get('a')?.lastUpdate).toBe(99);
  });

  test('that cannot be written are kept and written later, with one line in the log', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const logger = memoryLogger();
    const state = await openWorkerState(kv, { logger, clock });
    kv.failing = new Error('disk full');
    state.commit({ record: record('a', { lastUpdate: 1 }) });
    await state.settled();
    state.commit({ record: record('b') });
    await state.settled();
    await clock.advance(20_000);
    expect(logger.messages()).toEqual(["cannot write the worker's state, trying again: disk full"]);
    state.commit({ record: record('a', { lastUpdate: 2 }) });
    kv.failing = undefined;
    await clock.advance(30_000);
    expect(kv.keys('job/')).toEqual(['job/a', 'job/b']);
    expect((await state.load()).get('a')?.lastUpdate).toBe(2);
    expect(logger.messages('notice')).toEqual(["the worker's state is written again"]);
  });

  test('that were replaced while their write failed are on disk as they were last', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const state = await openWorkerState(kv, { logger: nullLogger, clock });
    kv.failing = new Error('disk full');
    state.commit({ record: record('a', { lastUpdate: 1 }) });
    state.commit({ record: record('a', { lastUpdate: 2 }) });
    await state.settled();
    kv.failing = undefined;
    await clock.advance(5000);
    await state.settled();
    expect((await state.load()).get('a')?.lastUpdate).toBe(2);
  });

  test('that come while a retry is being written are written after it', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const state = await openWorkerState(kv, { logger: nullLogger, clock });
    kv.failing = new Error('disk full');
    state.commit({ record: record('a') });
    await state.settled();
    kv.failing = undefined;
    state.commit({ record: record('b', { lastUpdate: 1 }) });
    await Promise.resolve();
    await Promise.resolve();
    state.commit({ record: record('b', { lastUpdate: 2 }) });
    await state.settled();
    expect(kv.batches.map((batch) => batch.map(({ key }) => key))).toEqual([
      ['job/a'],
      ['job/a', 'job/b'],
      ['job/b'],
    ]);
    expect((await state.load()).get('b')?.lastUpdate).toBe(2);
    expect(clock.pending).toBe(0);
  });

  test('that cannot be written to the last are counted as lost, and close ends', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const logger = memoryLogger();
    const state = await openWorkerState(kv, { logger, clock });
    kv.failing = new Error('disk full');
    state.commit({ record: record('a') });
    await state.close();
    expect(logger.messages('error').at(-1)).toBe(
      "1 changes of the worker's state were not written and are lost",
    );
    expect(clock.pending).toBe(0);
    state.commit({ record: record('b') });
    await state.settled();
    expect(kv.keys('job/')).toEqual([]);
  });

  test('that are invalid are left out with a warning', async () => {
    const kv = new FakeKeyValue();
    kv.data.set('job/bad', '{"name":"bad"}');
    kv.data.set('job/worse', '{');
    kv.data.set('job/good', JSON.stringify(record('good')));
    const logger = memoryLogger();
    const state = await openWorkerState(kv, { logger });
    expect([...(await state.load()).keys()]).toEqual(['good']);
    expect(logger.messages('warn')).toEqual([
      'the kept record job/bad is invalid and is ignored',
      'the kept record job/worse is invalid and is ignored',
    ]);
  });
});

describe('a change', () => {
  test('is one write: the record, and each report for each manager', async () => {
    const kv = new FakeKeyValue();
    const state = await openWorkerState(kv, { logger: nullLogger });
    state.openOutbox(['one', 'two']);
    const reports = [statusReport(report('a', 'success')), runReport(runRecord('a', 'r1'))];
    const { reports: queued, kept } = state.commit({ record: record('a', { run: null }), reports });
    expect(queued.map(({ seq }) => seq)).toEqual([1, 2]);
    await kept;
    expect(kv.batches.map((batch) => batch.map(({ type, key }) => `${type} ${key}`))).toEqual([
      [
        'put job/a',
        'put outbox/one/0000000000000001',
        'put outbox/two/0000000000000001',
        'put outbox/one/0000000000000002',
        'put outbox/two/0000000000000002',
      ],
    ]);
  });

  test('that fails takes the later ones with it, so that no report is on disk without its record', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const state = await openWorkerState(kv, { logger: nullLogger, clock });
    state.openOutbox(['one']);
    kv.failing = new Error('disk full');
    await state.commit({ record: record('a'), reports: [statusReport(report('a', 'failed'))] }).kept;
    kv.failing = undefined;
    await state.commit({ record: record('b') }).kept;
    expect(kv.batches.at(-1)?.map(({ key }) => key)).toEqual([
      'job/a',
      'outbox/one/0000000000000001',
      'job/b',
    ]);
  });

  test('is numbered after the reports that an earlier process left', async () => {
    const kv = new FakeKeyValue();
    kv.data.set('outbox/one/0000000000000041', JSON.stringify(report('a', 'success')));
    const state = await openWorkerState(kv, { logger: nullLogger });
    expect(state.openOutbox(['one']).get('one')).toEqual([
      { seq: 41, report: statusReport(report('a', 'success')) },
    ]);
    expect(state.commit({ reports: [statusReport(report('a', 'failed'))] }).reports[0]?.seq).toBe(42);
    await state.close();
    expect(kv.keys('outbox/')).toEqual(['outbox/one/0000000000000041', 'outbox/one/0000000000000042']);
  });
});

test('records in memory are copies', async () => {
  const state = memoryState([record('a')]);
  const mine = record('b');
  state.commit({ record: mine });
  mine.mode = 'disabled';
  const loaded: Map<string, Mutable<JobRecord>> = await state.load();
  loaded.get('a')!.mode = 'disabled';
  state.commit({ removed: 'c' });
  await state.settled();
  expect([...(await state.load()).values()].map(({ name, mode }) => [name, mode])).toEqual([
    ['a', 'active'],
    ['b', 'active'],
  ]);
  await state.close();
});
