import assert from 'node:assert/strict';
import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import { putStatus, putWorker, sorted, statusOf, workerOf, type Check } from './fixtures.js';

/** Many writers and readers at a time, and writes that are pending at a close. */
export function concurrencyTests(check: Check): void {
  check('defect 20: 32 concurrent writers and readers get right answers every time', async ({ store }) => {
    const workers = Array.from({ length: 16 }, (_, index) => workerOf(`worker${index}`));
    await store.write(workers.map(putWorker));
    const rounds = 40;
    const expected: MirrorStatus[] = [];
    const writer = async (worker: WorkerStatus): Promise<void> => {
      for (let round = 1; round <= rounds; round++) {
        const status = statusOf(worker.id, `mirror${round % 4}`, { size: String(round) });
        const online = { ...worker, last_online: `2026-11-23T17:21:41.${String(round).padStart(9, '0')}Z` };
        await store.write([putWorker(online), putStatus(status)]);
        assert.deepEqual(sorted([await store.getStatus(worker.id, status.name)]), sorted([status]));
        assert.deepEqual(sorted([await store.getWorker(worker.id)]), sorted([online]));
        if (round % 10 === 5) {
          await store.write([{ type: 'delete-status', worker: worker.id, name: status.name }]);
          assert.equal(await store.getStatus(worker.id, status.name), undefined);
        }
      }
      for (const round of [37, 38, 39, 40]) {
        expected.push(statusOf(worker.id, `mirror${round % 4}`, { size: String(round) }));
      }
    };
    let writing = true;
    const reader = async (worker: WorkerStatus): Promise<void> => {
      let newest = 0;
      while (writing) {
        const read = await store.getWorker(worker.id);
        assert.equal(read?.id, worker.id);
        assert.equal(read.url, worker.url);
        for (const status of await store.listStatuses(worker.id)) {
          assert.equal(status.worker, worker.id);
          assert.equal(`mirror${Number(status.size) % 4}`, status.name);
          newest = Math.max(newest, Number(status.size));
        }
        assert.equal((await store.listWorkers()).length, workers.length);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.ok(newest <= rounds);
    };
    const readers = workers.map((worker) => reader(worker));
    try {
      await Promise.all(workers.map(writer));
    } finally {
      writing = false;
    }
    await Promise.all(readers);
    assert.deepEqual(sorted(await store.listStatuses()), sorted(expected));
  });

  check('close waits for writes, can be repeated, and ends the store', async ({ store }) => {
    const write = store.write([putStatus(statusOf('tuna', 'debian'))]);
    await store.close();
    await write;
    await store.close();
    await assert.rejects(store.write([putStatus(statusOf('tuna', 'late'))]), { code: 'STORE_CLOSED' });
  });
}
