import assert from 'node:assert/strict';
import { assertHolds, putStatus, putWorker, statusOf, workerOf, type Check } from './fixtures.js';

/** Workers and statuses: storing, replacing, deleting, and the order of changes. */
export function statusTests(check: Check): void {
  check('is empty at first and says so', async ({ store }) => {
    assert.notEqual(store.kind, '');
    await assertHolds(store, [], []);
    assert.equal(await store.getWorker('tuna'), undefined);
    assert.equal(await store.getStatus('tuna', 'debian'), undefined);
    assert.deepEqual(await store.listStatuses('tuna'), []);
    await store.write([]);
  });

  check('keeps, replaces and deletes workers and statuses', async ({ store }) => {
    const tuna = workerOf('tuna', { token: 'secret' });
    const debian = statusOf('tuna', 'debian');
    const ubuntu = statusOf('tuna', 'ubuntu', { status: 'failed', error_msg: 'exit status 23\nmore' });
    await store.write([putWorker(tuna)]);
    await store.write([putStatus(debian)]);
    await store.write([putStatus(ubuntu)]);
    await assertHolds(store, [tuna], [debian, ubuntu]);

    const newer = { ...debian, status: 'syncing' as const, size: '1.3T' };
    const moved = { ...tuna, url: 'https://[::1]:6001/' };
    await store.write([putWorker(moved), putStatus(newer)]);
    await assertHolds(store, [moved], [newer, ubuntu]);

    await store.write([{ type: 'delete-status', worker: 'tuna', name: 'ubuntu' }]);
    await assertHolds(store, [moved], [newer]);
    await store.write([{ type: 'delete-worker', id: 'tuna' }]);
    await assertHolds(store, [], []);
  });

  check('deleting what is not there changes nothing', async ({ store }) => {
    const kept = statusOf('tuna', 'debian');
    await store.write([putStatus(kept)]);
    await store.write([
      { type: 'delete-worker', id: 'nobody' },
      { type: 'delete-status', worker: 'tuna', name: 'nothing' },
      { type: 'delete-status', worker: 'nobody', name: 'debian' },
    ]);
    await assertHolds(store, [], [kept]);
  });

  check(
    'defect 07: a deleted worker takes its statuses with it, and no other worker’s',
    async ({ store }) => {
      const ids = ['tuna', 'tuna2', '2tuna', 'a-tuna', 'una', 'tun', 'tuna tuna', 'TUNA'];
      const workers = ids.map((id) => workerOf(id));
      const statuses = ids.flatMap((id) => ['debian', 'tuna', 'x'].map((mirror) => statusOf(id, mirror)));
      await store.write([...workers.map(putWorker), ...statuses.map(putStatus)]);
      await store.write([{ type: 'delete-worker', id: 'tuna' }]);
      await assertHolds(
        store,
        workers.filter((worker) => worker.id !== 'tuna'),
        statuses.filter((status) => status.worker !== 'tuna'),
      );
    },
  );

  check(
    'a deleted worker takes statuses with it whose writes are not acknowledged yet',
    async ({ store }) => {
      const writes = [
        store.write([putWorker(workerOf('tuna')), putStatus(statusOf('tuna', 'debian'))]),
        store.write([putStatus(statusOf('tuna', 'ubuntu'))]),
        store.write([{ type: 'delete-worker', id: 'tuna' }]),
        store.write([putStatus(statusOf('tuna', 'later'))]),
      ];
      await Promise.all(writes);
      await assertHolds(store, [], [statusOf('tuna', 'later')]);
    },
  );

  check('a worker that was deleted can come back', async ({ store }) => {
    await store.write([putWorker(workerOf('tuna')), putStatus(statusOf('tuna', 'debian'))]);
    await store.write([{ type: 'delete-worker', id: 'tuna' }]);
    await store.write([putWorker(workerOf('tuna')), putStatus(statusOf('tuna', 'ubuntu'))]);
    await assertHolds(store, [workerOf('tuna')], [statusOf('tuna', 'ubuntu')]);
  });

  check('changes of one write apply in order', async ({ store }) => {
    const last = statusOf('tuna', 'debian', { size: '2' });
    await store.write([
      putStatus(statusOf('tuna', 'debian', { size: '1' })),
      { type: 'delete-status', worker: 'tuna', name: 'debian' },
      putStatus(statusOf('tuna', 'ubuntu')),
      { type: 'delete-worker', id: 'tuna' },
      putWorker(workerOf('tuna')),
      putStatus(last),
      putStatus(statusOf('tuna', 'arch')),
      { type: 'delete-status', worker: 'tuna', name: 'arch' },
    ]);
    await assertHolds(store, [workerOf('tuna')], [last]);
  });

  check('writes apply in the order in which they were made', async ({ store }) => {
    const writes: Promise<void>[] = [];
    for (let round = 0; round < 200; round++) {
      writes.push(store.write([putStatus(statusOf('tuna', 'debian', { size: String(round) }))]));
    }
    await Promise.all(writes);
    assert.equal((await store.getStatus('tuna', 'debian'))?.size, '199');
  });
}
