import assert from 'node:assert/strict';
import { assertHolds, oddNames, putStatus, putWorker, statusOf, workerOf, type Check } from './fixtures.js';

/** A persistent store holds everything acknowledged after a close. */
export function reopenTests(check: Check): void {
  check('everything acknowledged is there after a close, unchanged', async ({ store, reopen }) => {
    assert.ok(reopen, 'a persistent store has reopen()');
    const workers = oddNames.map((id) =>
      workerOf(id, { last_online: '2026-11-24T01:21:41.402910625+08:00' }),
    );
    const statuses = oddNames.flatMap((id) => ['a', 'b/c', '', id].map((mirror) => statusOf(id, mirror)));
    await store.write([...workers.map(putWorker), ...statuses.map(putStatus)]);
    await store.write([{ type: 'delete-worker', id: 'debian' }]);
    const again = await reopen();
    await assertHolds(
      again,
      workers.filter((worker) => worker.id !== 'debian'),
      statuses.filter((status) => status.worker !== 'debian'),
    );
    // a store that has just been opened knows what belongs to a worker
    await again.write([{ type: 'delete-worker', id: 'debian-cd' }]);
    assert.deepEqual(await again.listStatuses('debian-cd'), []);
  });
}
