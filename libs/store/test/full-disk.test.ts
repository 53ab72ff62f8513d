import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { zeroTime, type MirrorStatus, type RunRecord } from '@tunasync/protocol';
import { tempDir } from '@tunasync/test-utils';
import { CachedStore, openLevelStore, type StatusStore } from '../src/index.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

const statusOf = (name: string, size: string): MirrorStatus => ({
  name,
  worker: 'tuna',
  is_master: true,
  status: 'success',
  last_update: zeroTime,
  last_started: zeroTime,
  last_ended: zeroTime,
  next_schedule: zeroTime,
  upstream: 'x'.repeat(2000),
  size,
  error_msg: '',
});

const runOf = (id: string): RunRecord => ({
  id,
  name: 'a',
  worker: 'tuna',
  started: '2026-11-23T17:00:00Z',
  ended: '2026-11-23T17:01:00Z',
  result: 'success',
  reason: 'ok',
  attempts: 1,
  error_msg: '',
  size: '',
  log_file: '',
});

/** Mounts a file system of 3 MiB, runs `body` in it and unmounts it. */
async function withSmallDisk(body: (folder: string) => Promise<void>): Promise<void> {
  await using dir = await tempDir();
  await run('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', dir.path]);
  try {
    await body(dir.path);
  } finally {
    await run('umount', ['-l', dir.path]);
  }
}

(isRoot ? test : test.skip)(
  'a full disk loses nothing that was acknowledged and keeps nothing that was refused',
  async () => {
    await withSmallDisk(async (folder) => {
      const path = join(folder, 'db');
      const ballast = join(folder, 'ballast');
      await writeFile(ballast, Buffer.alloc(2 << 20));
      const store = await CachedStore.open(await openLevelStore(path, { logger: nullLogger }));
      /** Acknowledged writes; every write changes two statuses together. */
      const acknowledged = new Map<string, string>();
      let written = 0;
      const write = async (): Promise<boolean> => {
        const count = String(++written);
        const names = [`a${String(written % 50)}`, `b${String(written % 50)}`];
        try {
          await store.write(names.map((name) => ({ type: 'put-status', status: statusOf(name, count) })));
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_WRITE_FAILED' });
          return false;
        }
        for (const name of names) acknowledged.set(name, count);
        return true;
      };
      const shown = (statuses: readonly MirrorStatus[]): Map<string, string> =>
        new Map(statuses.map(({ name, size }) => [name, size]));

      for (let round = 0; round < 2; round++) {
        // one after the other, then several at a time, until several in a row were refused
        while (await write());
        await Promise.all(Array.from({ length: 20 }, write));
        expect(await write()).toBe(false);
        // the cache does not show what was refused
        expect(shown(store.statuses())).toEqual(acknowledged);
        await rm(ballast);
        // as long as writes are tried, it recovers automatically
        const results = await Promise.all(Array.from({ length: 20 }, write));
        expect(results).toEqual(Array.from({ length: 20 }, () => true));
        expect(shown(store.statuses())).toEqual(acknowledged);
        await writeFile(ballast, Buffer.alloc(1 << 20));
      }
      await rm(ballast);
      expect(await write()).toBe(true);
      await store.close();

      const again = await openLevelStore(path, { logger: nullLogger });
      expect(shown(await again.listStatuses())).toEqual(acknowledged);
      await again.close();
    });
  },
);

(isRoot ? test : test.skip)(
  'finished runs, too: what was refused is not there, and it comes back by itself',
  async () => {
    await withSmallDisk(async (folder) => {
      const path = join(folder, 'db');
      const ballast = join(folder, 'ballast');
      await writeFile(ballast, Buffer.alloc(2 << 20));
      const store = await CachedStore.open(await openLevelStore(path, { logger: nullLogger }));
      const acknowledged: string[] = [];
      let written = 0;
      const write = async (): Promise<boolean> => {
        const id = String(++written).padStart(6, '0');
        const run: RunRecord = { ...runOf(id), error_msg: 'x'.repeat(2000) };
        try {
          await store.write([
            { type: 'put-run', run },
            { type: 'put-status', status: statusOf('a', id) },
          ]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_WRITE_FAILED' });
          return false;
        }
        acknowledged.unshift(id);
        return true;
      };
      while (await write());
      await Promise.all(Array.from({ length: 20 }, write));
      expect(await write()).toBe(false);
      await rm(ballast);
      expect(await Promise.all(Array.from({ length: 20 }, write))).toEqual(
        Array.from({ length: 20 }, () => true),
      );
      const kept = async (from: StatusStore): Promise<string[]> =>
        (await from.listRuns({ worker: 'tuna', name: 'a' }, 100_000)).map(({ id }) => id);
      expect(await kept(store)).toEqual(acknowledged);
      expect(store.status('tuna', 'a')?.size).toBe(acknowledged[0]);
      await store.close();
      const again = await openLevelStore(path, { logger: nullLogger });
      expect(await kept(again)).toEqual(acknowledged);
      await again.close();
    });
  },
);
