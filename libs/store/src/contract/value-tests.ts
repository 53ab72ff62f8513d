import assert from 'node:assert/strict';
import type { StoreChange } from '../store/interfaces.js';
import { assertHolds, oddNames, putStatus, putWorker, statusOf, workerOf, type Check } from './fixtures.js';

/** Odd values and names come back unchanged, and belong to the store alone. */
export function valueTests(check: Check): void {
  check('times and texts come back unchanged', async ({ store }) => {
    const status = statusOf('tuna', 'debian', {
      last_update: '2026-11-24T01:21:41.402910625+08:00',
      last_started: '2026-11-23T13:51:41.000000001-03:30',
      last_ended: '0001-01-01T08:05:43+08:05',
      next_schedule: '2026-11-23T17:21:41Z',
      upstream: 'rsync://[2001:db8::1]/ünï/',
      error_msg: 'line 1\nline 2\ttab "quote" \\ \u0000 \u2028 🐟',
      last_transferred_bytes: 0,
      total_transferred_bytes: Number.MAX_SAFE_INTEGER,
      consecutive_failures: 3,
      stale: false,
    });
    const worker = workerOf('tuna', {
      last_online: '2026-11-24T01:21:41.402910625+08:00',
      last_register: '2026-11-23T17:21:41.1Z',
    });
    await store.write([putStatus(status), putWorker(worker)]);
    await assertHolds(store, [worker], [status]);
  });

  check('odd names are kept apart, as mirrors and as workers', async ({ store }) => {
    const workers = oddNames.map((id) => workerOf(id));
    const statuses = oddNames.flatMap((id) => oddNames.map((mirror) => statusOf(id, mirror)));
    await store.write([...workers.map(putWorker), ...statuses.map(putStatus)]);
    await assertHolds(store, workers, statuses);
    const left = oddNames.filter((_, index) => index % 2 === 0);
    await store.write(
      oddNames.filter((id) => !left.includes(id)).map((id): StoreChange => ({ type: 'delete-worker', id })),
    );
    await assertHolds(
      store,
      left.map((id) => workerOf(id)),
      statuses.filter((status) => left.includes(status.worker)),
    );
  });

  check(
    'a status without a name, as the original left behind, can be kept and deleted',
    async ({ store }) => {
      await store.write([putStatus(statusOf('tuna', '')), putStatus(statusOf('tuna', 'debian'))]);
      await assertHolds(store, [], [statusOf('tuna', ''), statusOf('tuna', 'debian')]);
      await store.write([{ type: 'delete-status', worker: 'tuna', name: '' }]);
      await assertHolds(store, [], [statusOf('tuna', 'debian')]);
    },
  );

  check('what a caller does to its own records later changes nothing', async ({ store }) => {
    const status = statusOf('tuna', 'debian');
    await store.write([putStatus(status), putWorker(workerOf('tuna'))]);
    const read = await store.getStatus('tuna', 'debian');
    assert.ok(read);
    read.size = 'changed';
    const [worker] = await store.listWorkers();
    assert.ok(worker);
    worker.url = 'changed';
    await assertHolds(store, [workerOf('tuna')], [status]);
  });
}
