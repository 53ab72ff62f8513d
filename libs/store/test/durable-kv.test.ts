import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import { tempDir, waitFor } from '@tunasync/test-utils';
import { Deferred } from '@tunasync/util';
import { DurableKv, type KvChange, type KvEngine, type KvOp } from '../src/index.js';
import { apply, FakeDisk } from './fake-engine.js';

const put = (key: string, value = key): KvOp => ({ type: 'put', key, value });
const noSpace = new Error('IO error: 000003.log: No space left on device');

async function openOn(disk: FakeDisk): Promise<DurableKv> {
  return DurableKv.open('/db', { logger: nullLogger, openEngine: disk.openEngine });
}

/** Waits until `count` batches were started. */
const begun = (disk: FakeDisk, count: number): Promise<boolean> =>
  waitFor(`batch ${count}`, () => disk.batches.length === count);

/** Notes the order in which promises settle. */
function note(log: string[], name: string, promise: Promise<void>): Promise<void> {
  return promise.then(
    () => void log.push(`${name} stored`),
    (error: unknown) => void log.push(`${name} ${(error as { code: string }).code}`),
  );
}

describe('group commit', () => {
  test('writes that arrive during a slow batch go out as one, in order, and none is acknowledged before', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    disk.slow = true;
    const log: string[] = [];
    const first = note(log, 'first', kv.write([put('first')]));
    await begun(disk, 1);
    const names = Array.from({ length: 50 }, (_, index) => `k${String(index)}`);
    const rest = names.map((name) => note(log, name, kv.write([put(name), put('last', name)])));
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(log).toEqual([]);
    expect(disk.keys).toEqual([['first']]);

    disk.finish();
    await first;
    await begun(disk, 2);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(log).toEqual(['first stored']);
    expect(disk.keys[1]).toEqual(['k0', 'last', ...names.slice(1)]);

    disk.finish();
    await Promise.all(rest);
    expect(log).toEqual(['first stored', ...names.map((name) => `${name} stored`)]);
    expect(await kv.get('last')).toBe('k49');
    expect(disk.batches).toHaveLength(2);
    await kv.close();
  });

  test('writers that were answered together write together', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    const writer = async (name: string): Promise<void> => {
      for (let round = 0; round < 5; round++) await kv.write([put(name, String(round))]);
    };
    await Promise.all(['a', 'b', 'c'].map(writer));
    expect(disk.keys).toEqual(Array.from({ length: 5 }, () => ['a', 'b', 'c']));
    await kv.close();
  });

  test('of several operations on a key, a batch holds the last one', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await Promise.all([
      kv.write([put('a', '1'), put('b', '1')]),
      kv.write([{ type: 'del', key: 'a' }, put('b', '2')]),
      kv.write([put('c'), { type: 'del', key: 'c' }, put('a', '3')]),
    ]);
    expect(disk.batches).toEqual([[put('a', '3'), put('b', '2'), { type: 'del', key: 'c' }]]);
    expect([...disk.stored]).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
    await kv.close();
  });

  test('an empty write resolves without a batch', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write([]);
    expect(disk.batches).toEqual([]);
    await kv.close();
  });

  test('close waits for the batch in progress and for the writes that wait after it', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    disk.slow = true;
    const log: string[] = [];
    void note(log, 'a', kv.write([put('a')]));
    await begun(disk, 1);
    void note(log, 'b', kv.write([put('b')]));
    const closed = note(log, 'close', kv.close());
    await expect(kv.write([put('c')])).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(kv.get('a')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    disk.finish();
    await begun(disk, 2);
    disk.finish();
    await closed;
    expect(log).toEqual(['a stored', 'b stored', 'close stored']);
    expect(disk.open).toBe(0);
    await kv.close();
  });
});

describe('a failed batch', () => {
  test('fails the writes that waited after it too, and the database is opened again before the next acknowledgement', async () => {
    const disk = new FakeDisk();
    const logger = memoryLogger();
    const kv = await DurableKv.open('/db', { logger, openEngine: disk.openEngine });
    await kv.write([put('kept')]);
    disk.slow = true;
    const log: string[] = [];
    const failing = [note(log, 'a', kv.write([put('a')]))];
    await begun(disk, 2);
    failing.push(note(log, 'b', kv.write([put('b')])), note(log, 'c', kv.write([put('c')])));
    disk.slow = false;
    disk.finish(noSpace);
    await Promise.all(failing);
    expect(log).toEqual(['a STORE_WRITE_FAILED', 'b STORE_WRITE_FAILED', 'c STORE_WRITE_FAILED']);
    await kv.write([put('d')]);
    expect(disk.opened).toBe(2);
    expect(await kv.entries()).toEqual([
      ['d', 'd'],
      ['kept', 'kept'],
    ]);
    expect(disk.keys).toEqual([['kept'], ['a'], ['d']]);
    expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      `error Cannot write to the database /db: ${noSpace.message}`,
      'notice Opened the database /db again',
    ]);
    await kv.close();
  });

  test('the error says what and where', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    disk.slow = true;
    const write = kv.write([put('a')]);
    await begun(disk, 1);
    disk.finish(noSpace);
    await expect(write).rejects.toThrow(`cannot write to the database /db: ${noSpace.message}`);
    await kv.close();
  });

  test('while the database cannot be opened nothing is acknowledged, and each write tries again', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    disk.slow = true;
    const first = kv.write([put('a')]);
    await begun(disk, 1);
    disk.slow = false;
    disk.openError = noSpace;
    disk.finish(noSpace);
    await expect(first).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    await expect(kv.write([put('b')])).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    await expect(kv.get('a')).rejects.toThrow('No space left');
    expect(disk.stored.size).toBe(0);
    disk.openError = undefined;
    await kv.write([put('c')]);
    expect([...disk.stored.keys()]).toEqual(['c']);
    await kv.close();
    expect(disk.open).toBe(0);
  });

  test('that is found on the disk after all is taken back', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write([put('old', '1'), put('deleted', '1')]);
    disk.slow = true;
    const ops: KvOp[] = [put('old', '2'), put('new'), { type: 'del', key: 'deleted' }, put('old', '3')];
    const write = kv.write(ops);
    await begun(disk, 2);
    // the log was written, the sync of it failed: it is read at the next opening
    apply(disk.stored, ops);
    disk.slow = false;
    disk.finish(new Error('IO error: 000003.log: Input/output error'));
    await expect(write).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    expect(await kv.entries()).toEqual([
      ['deleted', '1'],
      ['old', '1'],
    ]);
    await kv.close();
    expect(Object.fromEntries(disk.stored)).toEqual({ old: '1', deleted: '1' });
  });

  test('that is found on the disk after all is taken back later, when taking it back fails at first', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write([put('old', '1')]);
    disk.slow = true;
    const ops: KvOp[] = [put('old', '2'), put('new')];
    const write = kv.write(ops);
    await begun(disk, 2);
    apply(disk.stored, ops);
    disk.finish(noSpace);
    await expect(write).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    // the batch that takes it back
    await begun(disk, 3);
    disk.slow = false;
    disk.finish(noSpace);
    await kv.write([put('later')]);
    expect(Object.fromEntries(disk.stored)).toEqual({ old: '1', later: 'later' });
    await kv.close();
    expect(disk.open).toBe(0);
  });

  test('and a close while the database is being opened again leaves nothing open', async () => {
    const disk = new FakeDisk();
    const [opening, mayOpen] = [new Deferred(), new Deferred()];
    const openEngine = async (): Promise<KvEngine> => {
      if (disk.opened > 0) {
        opening.resolve();
        await mayOpen.promise;
      }
      return disk.openEngine();
    };
    const kv = await DurableKv.open('/db', { logger: nullLogger, openEngine });
    disk.slow = true;
    const write = kv.write([put('a')]);
    await begun(disk, 1);
    disk.slow = false;
    disk.finish(noSpace);
    await expect(write).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    await opening.promise;
    const closed = kv.close();
    mayOpen.resolve();
    await closed;
    expect(disk.opened).toBe(2);
    expect(disk.open).toBe(0);
  });

  test('reads in progress are answered by the database that was opened again', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write([put('kept')]);
    disk.slow = true;
    const write = kv.write([put('a')]);
    await begun(disk, 2);
    disk.finish(noSpace);
    const reads = Promise.all([kv.get('kept'), kv.entries('k')]);
    await expect(write).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    expect(await reads).toEqual(['kept', [['kept', 'kept']]]);
    await kv.close();
  });
});

test('a read that fails says so and the database stays in use', async () => {
  const disk = new FakeDisk();
  const kv = await openOn(disk);
  await kv.write([put('a')]);
  disk.readError = new Error('Corruption: block checksum mismatch');
  await expect(kv.get('a')).rejects.toMatchObject({ code: 'STORE_READ_FAILED' });
  await expect(kv.entries()).rejects.toThrow(
    'cannot read the database /db: Corruption: block checksum mismatch',
  );
  disk.readError = undefined;
  expect(await kv.get('a')).toBe('a');
  await kv.close();
});

test('entries are found by prefix, whatever characters follow it', async () => {
  await using dir = await tempDir();
  await using kv = await DurableKv.open(`${dir.path}/db`, { logger: nullLogger });
  const keys = [
    'job',
    'job:',
    'job:\u0000',
    'job:a',
    'job:é',
    'job:镜',
    'job:\uffff',
    'job:🐟',
    'job;',
    'jo',
    'k',
  ];
  await kv.write(keys.map((key) => put(key)));
  expect(new Set((await kv.entries('job:')).map(([key]) => key))).toEqual(
    new Set(keys.filter((key) => key.startsWith('job:'))),
  );
  expect(await kv.entries()).toHaveLength(keys.length);
  expect(await kv.entries('nothing')).toEqual([]);
  expect(await kv.get('nothing')).toBeUndefined();
});

describe('deleting all keys with a prefix', () => {
  const prefixed = (prefix: string): KvChange => ({ type: 'del-prefix', prefix });

  test('takes what is there and what came before it in the batch, and nothing else', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write(['a', 'a/1', 'a/2', 'a0', 'b'].map((key) => put(key)));
    await Promise.all([kv.write([put('a/3')]), kv.write([prefixed('a/')]), kv.write([put('a/2', 'later')])]);
    expect(Object.fromEntries(disk.stored)).toEqual({ a: 'a', a0: 'a0', b: 'b', 'a/2': 'later' });
    expect(disk.batches).toHaveLength(2);
    await kv.close();
  });

  test('is taken back as a whole when the batch fails', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write([put('a/1'), put('a/2')]);
    disk.slow = true;
    const write = kv.write([prefixed('a/'), put('a/3')]);
    await begun(disk, 2);
    // on the disk nevertheless, as a log that was written but not synced
    apply(disk.stored, disk.batches[1] ?? []);
    disk.slow = false;
    disk.finish(noSpace);
    await expect(write).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    await kv.write([put('b')]);
    expect(Object.fromEntries(disk.stored)).toEqual({ 'a/1': 'a/1', 'a/2': 'a/2', b: 'b' });
    await kv.close();
  });

  test('that cannot be looked up fails the write, and a later one works again', async () => {
    const disk = new FakeDisk();
    const kv = await openOn(disk);
    await kv.write([put('a/1')]);
    disk.readError = new Error('IO error');
    await expect(kv.write([prefixed('a/')])).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    disk.readError = undefined;
    await kv.write([prefixed('a/')]);
    expect([...disk.stored]).toEqual([]);
    await kv.close();
  });
});
