import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '@tunasync/logger';
import type { RunRecord } from '@tunasync/protocol';
import { tempDir } from '@tunasync/test-utils';
import { Level } from 'level';
import { statusStoreContract, type StoreUnderTest } from '../src/contract/store-contract.js';
import { CachedStore, openLevelStore, type StatusStore } from '../src/index.js';

async function openLevel(wrap: (store: StatusStore) => Promise<StatusStore>): Promise<StoreUnderTest> {
  const dir = await tempDir();
  const open = async (): Promise<StatusStore> =>
    wrap(await openLevelStore(join(dir.path, 'db'), { logger: nullLogger }));
  let current = await open();
  return {
    store: current,
    reopen: async () => {
      await current.close();
      return (current = await open());
    },
    dispose: async () => {
      await current.close();
      await dir.remove();
    },
  };
}

statusStoreContract({
  describe,
  test,
  name: 'level',
  open: () => openLevel((store) => Promise.resolve(store)),
});
statusStoreContract({
  describe,
  test,
  name: 'cached level',
  open: () => openLevel((store) => CachedStore.open(store)),
});

/** Writes raw entries, as another program would. */
async function writeRaw(path: string, entries: Record<string, string>): Promise<void> {
  const db = new Level(path);
  await db.batch(Object.entries(entries).map(([key, value]) => ({ type: 'put', key, value })));
  await db.close();
}

async function readRaw(path: string): Promise<Record<string, string>> {
  const db = new Level(path);
  const entries = Object.fromEntries(await db.iterator().all());
  await db.close();
  return entries;
}

/** The records of tunasync v0.10 with `db_type = "leveldb"`, byte for byte in its field order. */
const original = {
  workerstuna:
    '{"id":"tuna","url":"http://127.0.0.1:6000/","token":"","last_online":"2026-11-24T01:21:41.402910625+08:00","last_register":"2026-11-24T01:20:00.000000001+08:00"}',
  'mirror_statusdebian/tuna':
    '{"name":"debian","worker":"tuna","is_master":true,"status":"success","last_update":"2026-11-24T01:21:41.402910625+08:00","last_started":"2026-11-24T01:20:11.1+08:00","last_ended":"2026-11-24T01:21:41.402910625+08:00","next_schedule":"0001-01-01T00:00:00Z","upstream":"rsync://example.org/debian/","size":"1.33T","error_msg":""}',
  'mirror_status/tuna':
    '{"name":"","worker":"tuna","is_master":false,"status":"paused","last_update":"0001-01-01T00:00:00Z","last_started":"0001-01-01T00:00:00Z","last_ended":"0001-01-01T00:00:00Z","next_schedule":"0001-01-01T00:00:00Z","upstream":"","size":"","error_msg":""}',
};

describe('a database of the original', () => {
  test('opens unchanged, with nanoseconds, offsets and a nameless status', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'tunasync.db');
    await writeRaw(path, original);
    const store = await openLevelStore(path, { logger: nullLogger });
    expect(await store.listWorkers()).toEqual([JSON.parse(original.workerstuna)]);
    expect(await store.getStatus('tuna', 'debian')).toEqual(JSON.parse(original['mirror_statusdebian/tuna']));
    expect(await store.getStatus('tuna', '')).toEqual(JSON.parse(original['mirror_status/tuna']));
    expect(await store.listStatuses('tuna')).toHaveLength(2);
    await store.close();
    expect(await readRaw(path)).toEqual(original);
  });

  test('is written in the same layout', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'tunasync.db');
    await writeRaw(path, original);
    const store = await openLevelStore(path, { logger: nullLogger });
    const debian = await store.getStatus('tuna', 'debian');
    const tuna = await store.getWorker('tuna');
    await store.write([
      { type: 'put-status', status: { ...debian!, size: '1.4T' } },
      { type: 'put-worker', worker: { ...tuna!, id: 'second' } },
      { type: 'delete-status', worker: 'tuna', name: '' },
    ]);
    await store.close();
    expect(await readRaw(path)).toEqual({
      workerstuna: original.workerstuna,
      workerssecond: original.workerstuna.replace('"id":"tuna"', '"id":"second"'),
      'mirror_statusdebian/tuna': original['mirror_statusdebian/tuna'].replace('1.33T', '1.4T'),
    });
  });

  test('a status whose body named another worker belongs to the worker of its key', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'tunasync.db');
    await writeRaw(path, { 'mirror_statusa/b/tuna': '{"name":"x","worker":"y","status":"none"}' });
    const store = await openLevelStore(path, { logger: nullLogger });
    expect(await store.listStatuses('tuna')).toEqual([
      expect.objectContaining({ name: 'a/b', worker: 'tuna', status: 'none', size: '' }),
    ]);
    await store.write([{ type: 'delete-worker', id: 'tuna' }]);
    expect(await store.listStatuses()).toEqual([]);
    await store.close();
  });

  test('keys of others are left alone', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'tunasync.db');
    const others = { 'runs:1': '{}', other: 'not JSON', worker: 'x', mirror_statu: 'y' };
    await writeRaw(path, others);
    const store = await openLevelStore(path, { logger: nullLogger });
    expect(await store.listWorkers()).toEqual([]);
    expect(await store.listStatuses()).toEqual([]);
    await store.write([{ type: 'delete-worker', id: 'tuna' }]);
    await store.close();
    expect(await readRaw(path)).toEqual(others);
  });

  test.each([
    ['workerstuna', '{"id":"tu', 'it is not JSON'],
    ['mirror_statusdebian/tuna', '[]', 'object'],
    ['mirror_statusdebian/tuna', '{"status":"dancing"}', 'status: '],
    ['mirror_statusdebian/tuna', '{"last_update":"yesterday"}', 'last_update: expected a time'],
    ['mirror_statusdebian', '{}', "its key has no '/'"],
  ])(
    'the value of %s that reads %s is reported with its key, and nothing is changed',
    async (key, value, why) => {
      await using dir = await tempDir();
      const path = join(dir.path, 'tunasync.db');
      const entries = { ...original, [key]: value };
      await writeRaw(path, entries);
      const opening = openLevelStore(path, { logger: nullLogger });
      await expect(opening).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
      await expect(opening).rejects.toThrow(
        `the database ${path} is damaged: the value of "${key}" cannot be read: `,
      );
      await expect(opening).rejects.toThrow(why);
      // closed again, so that it can be repaired
      expect(await readRaw(path)).toEqual(entries);
    },
  );
});

describe('records that the original does not keep', () => {
  const run: RunRecord = {
    id: 'run/1',
    name: 'debian',
    worker: 'tuna',
    started: '2026-11-23T17:00:00Z',
    ended: '2026-11-23T17:01:00Z',
    result: 'success',
    reason: 'ok',
    attempts: 1,
    error_msg: '',
    size: '',
    log_file: '',
  };

  test('has keys that its LevelDB back end does not take for its own', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'tunasync.db');
    await writeRaw(path, original);
    const store = await openLevelStore(path, { logger: nullLogger });
    await store.write([
      { type: 'put-run', run },
      { type: 'put-stop', stop: { worker: 'tuna', name: 'debian', at: 5 } },
    ]);
    await store.close();
    const { 'history/tuna/debian/01795453260000/run%2F1': stored, ...rest } = await readRaw(path);
    expect(JSON.parse(stored ?? '')).toEqual(run);
    expect(rest).toEqual({ ...original, 'stops/tuna/debian': '{"at":5}' });
  });

  test('a run or a stop that cannot be read hides no other', async () => {
    await using dir = await tempDir();
    const path = join(dir.path, 'tunasync.db');
    await writeRaw(path, {
      'history/tuna/debian/01795453260000/1': JSON.stringify(run),
      'history/tuna/debian/01795453260000/2': '{"id":"2"}',
      'history/tuna/debian/01795453260000/3': '{"id":',
      'history/tuna/debian/nonsense': '{}',
      'history/tuna/%/01795453260000/1': '{}',
      'history/nonsense': '{}',
      'stops/tuna/debian': '{"at":"noon"}',
      'stops/tuna/ubuntu': '{"at":7}',
      'stops/nonsense': '{}',
    });
    const store = await openLevelStore(path, { logger: nullLogger });
    const debian = { worker: 'tuna', name: 'debian' };
    expect(await store.listRuns(debian, 10)).toEqual([run]);
    expect((await store.listRunKeys(debian)).map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect(await store.listRunMirrors()).toEqual([debian]);
    expect(await store.listStops()).toEqual([{ worker: 'tuna', name: 'ubuntu', at: 7 }]);
    await store.close();
  });
});

test('opening logs nothing when all is well', async () => {
  await using dir = await tempDir();
  const logger = memoryLogger();
  const store = await openLevelStore(join(dir.path, 'new', 'folder', 'db'), { logger });
  await store.close();
  expect(logger.messages()).toEqual([]);
});
