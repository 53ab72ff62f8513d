import assert from 'node:assert/strict';
import { zeroTime, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import { runContract } from './contract-runs.js';
import type { StatusStore, StoreChange } from './interfaces.js';

/** A store that a contract test may fill, and how to get rid of it. */
export interface StoreUnderTest {
  /** Open and empty. */
  store: StatusStore;
  /** Closes the store and opens the same data again. Leave it out when nothing survives a close. */
  reopen?: () => Promise<StatusStore>;
  /** Closes whatever is still open and removes the data. */
  dispose(): Promise<void>;
}

/** What {@link statusStoreContract} takes. */
export interface StatusStoreContractOptions {
  /** Of the test runner. */
  describe: (name: string, body: () => void) => void;
  /** Of the test runner. */
  test: (name: string, body: () => Promise<void>) => void;
  /** Called once for each test. */
  open: () => Promise<StoreUnderTest>;
  /** The store's name in the tests' names. @defaultValue 'a status store' */
  name?: string;
  /** Whether what was written is still there after a close. @defaultValue true */
  persistent?: boolean;
}

const workerOf = (id: string, more: Partial<WorkerStatus> = {}): WorkerStatus => ({
  id,
  url: `http://127.0.0.1:6000/${encodeURIComponent(id)}/`,
  token: '',
  last_online: zeroTime,
  last_register: zeroTime,
  ...more,
});

const statusOf = (worker: string, name: string, more: Partial<MirrorStatus> = {}): MirrorStatus => ({
  name,
  worker,
  is_master: true,
  status: 'success',
  last_update: '2026-11-23T17:21:41.402910625Z',
  last_started: '2026-11-23T17:20:00Z',
  last_ended: '2026-11-23T17:21:41.402910625Z',
  next_schedule: zeroTime,
  upstream: 'rsync://example.org/x/',
  size: 'unknown',
  error_msg: '',
  ...more,
});

const putWorker = (worker: WorkerStatus): StoreChange => ({ type: 'put-worker', worker });
const putStatus = (status: MirrorStatus): StoreChange => ({ type: 'put-status', status });

const byText = (one: unknown, other: unknown): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;

/** Records in one order and without absent members, so that equal content is equal. */
function sorted<T>(records: readonly T[]): T[] {
  return (JSON.parse(JSON.stringify(records)) as T[])
    .map((record) => Object.fromEntries(Object.entries(record as object).sort(byText)) as T)
    .sort(byText);
}

async function assertHolds(
  store: StatusStore,
  workers: WorkerStatus[],
  statuses: MirrorStatus[],
): Promise<void> {
  assert.deepEqual(sorted(await store.listWorkers()), sorted(workers));
  assert.deepEqual(sorted(await store.listStatuses()), sorted(statuses));
  for (const worker of workers) {
    assert.deepEqual(sorted([await store.getWorker(worker.id)]), sorted([worker]));
    const own = statuses.filter((status) => status.worker === worker.id);
    assert.deepEqual(sorted(await store.listStatuses(worker.id)), sorted(own));
  }
  for (const status of statuses) {
    assert.deepEqual(sorted([await store.getStatus(status.worker, status.name)]), sorted([status]));
  }
}

/** Names that a separator, a prefix match or an encoding could trip over. */
const oddNames = [
  'debian',
  'debian-cd',
  'deb.ian',
  'c++',
  'with space',
  '镜像',
  'ünï\u0301',
  '🐟',
  '"quoted"',
  "it's",
  'back\\slash',
  '%2F',
  'mirror_status',
  'mirror_statusworkers',
  'workers',
  'workersx',
  '__proto__',
  'constructor',
  '*',
  'x:y',
];

/**
 * What every {@link StatusStore} must do. Registers tests with the runner that is handed in, so that authors of
 * other back ends can run it with theirs.
 */
export function statusStoreContract(options: StatusStoreContractOptions): void {
  const { describe, test, open, name = 'a status store', persistent = true } = options;

  const check = (title: string, body: (opened: StoreUnderTest) => Promise<void>): void => {
    test(title, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.dispose();
      }
    });
  };

  describe(`${name}: the contract of status stores`, () => {
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

    runContract({ check, persistent, oddNames, workerOf, statusOf });

    if (!persistent) return;
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
  });
}
