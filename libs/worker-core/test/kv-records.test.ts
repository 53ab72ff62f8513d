import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { DurableKv } from '@tunasync/store';
import { FakeClock, tempDir } from '@tunasync/test-utils';
import { levelRecords, memoryRecords } from '../src/index.js';
import type { JobRecord } from '../src/interfaces/job-record.js';
import { FakeKeyValue } from './support/fake-manager.js';

const record = (name: string, more: Partial<JobRecord> = {}): JobRecord => ({
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
      const records = levelRecords(kv, nullLogger);
      records.put(record('debian'));
      records.put(record('old'));
      records.put(record('debian', { mode: 'paused', run: null }));
      records.remove('old');
      await records.close();
      await expect(DurableKv.open(path, { logger: nullLogger })).rejects.toMatchObject({
        code: 'STORE_LOCKED',
      });
    }
    await using kv = await DurableKv.open(path, { logger: nullLogger });
    expect([...(await levelRecords(kv, nullLogger).load())]).toEqual([
      ['debian', record('debian', { mode: 'paused', run: null })],
    ]);
  });

  test('are on disk after a flush, as they were when they were put', async () => {
    const kv = new FakeKeyValue();
    const records = levelRecords(kv, nullLogger);
    const mine = record('a');
    records.put(mine);
    mine.mode = 'disabled';
    await records.flush();
    expect(JSON.parse(kv.data.get('job/a')!)).toEqual(record('a'));
  });

  test('of one name are written once when many come while a batch is under way', async () => {
    const kv = new FakeKeyValue();
    const records = levelRecords(kv, nullLogger);
    records.put(record('first'));
    await Promise.resolve();
    for (let nth = 0; nth < 100; nth++) records.put(record('a', { lastUpdate: nth }));
    records.put(record('b'));
    await records.flush();
    expect(kv.batches.map((batch) => batch.map(({ key }) => key))).toEqual([
      ['job/first'],
      ['job/a', 'job/b'],
    ]);
    expect((await records.load()).get('a')?.lastUpdate).toBe(99);
  });

  test('that cannot be written are kept and written later, with one line in the log', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const logger = memoryLogger();
    const records = levelRecords(kv, logger, { clock });
    kv.failing = new Error('disk full');
    records.put(record('a', { lastUpdate: 1 }));
    await records.flush();
    records.put(record('b'));
    await records.flush();
    await clock.advance(20_000);
    expect(logger.messages()).toEqual(['cannot write job records, trying again: disk full']);
    records.put(record('a', { lastUpdate: 2 }));
    kv.failing = undefined;
    await clock.advance(30_000);
    expect(kv.keys('job/')).toEqual(['job/a', 'job/b']);
    expect((await records.load()).get('a')?.lastUpdate).toBe(2);
    expect(logger.messages('notice')).toEqual(['job records are written again']);
  });

  test('that cannot be written to the last are named as lost, and close ends', async () => {
    const kv = new FakeKeyValue();
    const clock = new FakeClock();
    const logger = memoryLogger();
    const records = levelRecords(kv, logger, { clock });
    kv.failing = new Error('disk full');
    records.put(record('a'));
    await records.close();
    expect(logger.messages('error').at(-1)).toBe('1 job records could not be written and are lost');
    expect(clock.pending).toBe(0);
  });

  test('that make no sense are left out with a warning', async () => {
    const kv = new FakeKeyValue();
    kv.data.set('job/bad', '{"name":"bad"}');
    kv.data.set('job/worse', '{');
    kv.data.set('job/good', JSON.stringify(record('good')));
    const logger = memoryLogger();
    expect([...(await levelRecords(kv, logger).load()).keys()]).toEqual(['good']);
    expect(logger.messages('warn')).toEqual([
      'the kept record job/bad makes no sense and is ignored',
      'the kept record job/worse makes no sense and is ignored',
    ]);
  });
});

test('records in memory are copies', async () => {
  const records = memoryRecords([record('a')]);
  const mine = record('b');
  records.put(mine);
  mine.mode = 'disabled';
  (await records.load()).get('a')!.mode = 'disabled';
  records.remove('c');
  await records.flush();
  expect([...(await records.load()).values()].map(({ name, mode }) => [name, mode])).toEqual([
    ['a', 'active'],
    ['b', 'active'],
  ]);
  await records.close();
});
