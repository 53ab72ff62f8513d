import assert from 'node:assert/strict';
import type { RunRecord, WorkerStatus } from '@tunasync/protocol';
import { runKeyOf } from '../layout/run-layout.js';
import type { MirrorKey, StatusStore, StopRecord, StoreChange } from '../store/interfaces.js';
import { byText, oddNames, statusOf, workerOf, type Check } from './fixtures.js';

const firstEnd = Date.parse('2026-11-23T17:00:00Z');
const timeOf = (minute: number): string => new Date(firstEnd + minute * 60_000).toISOString();

const runOf = (worker: string, name: string, minute: number, more: Partial<RunRecord> = {}): RunRecord => ({
  id: `${worker}-${name}-${minute}`,
  name,
  worker,
  started: timeOf(minute - 1),
  ended: timeOf(minute),
  result: 'success',
  reason: 'ok',
  attempts: 1,
  error_msg: '',
  size: '1.33T',
  log_file: '/var/log/x.log',
  ...more,
});
const putRun = (run: RunRecord): StoreChange => ({ type: 'put-run', run });
const deleteRun = (run: RunRecord): StoreChange => ({ type: 'delete-run', key: runKeyOf(run) });
const stopOf = (worker: string, name: string, more: Partial<StopRecord> = {}): StopRecord => ({
  worker,
  name,
  at: firstEnd,
  ...more,
});
const putStop = (stop: StopRecord): StoreChange => ({ type: 'put-stop', stop });

/** Without absent members. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** @param runs - of that mirror, newest first */
async function assertRuns(store: StatusStore, mirror: MirrorKey, runs: readonly RunRecord[]): Promise<void> {
  assert.deepEqual(plain(await store.listRuns(mirror, 1_000)), plain(runs));
  assert.deepEqual(await store.listRunKeys(mirror), runs.map(runKeyOf));
}

async function assertStops(store: StatusStore, stops: readonly StopRecord[]): Promise<void> {
  const sorted = (list: readonly StopRecord[]): unknown[] =>
    list
      .map(({ worker, name, at, skew, reported }) => plain({ worker, name, at, skew, reported }))
      .sort(byText);
  assert.deepEqual(sorted(await store.listStops()), sorted(stops));
}

async function assertRunMirrors(store: StatusStore, mirrors: readonly MirrorKey[]): Promise<void> {
  const sorted = (list: readonly MirrorKey[]): MirrorKey[] =>
    list.map(({ worker, name }) => ({ worker, name })).sort(byText);
  assert.deepEqual(sorted(await store.listRunMirrors()), sorted(mirrors));
}

const debian = { worker: 'tuna', name: 'debian' };

/** Finished runs and stops: storing, replacing, deleting, and their order. */
export function runTests(check: Check): void {
  check('runs: there are none at first, and asking says so', async ({ store }) => {
    await assertRuns(store, debian, []);
    await assertRunMirrors(store, []);
    await store.write([deleteRun(runOf('tuna', 'debian', 1))]);
    await assertRunMirrors(store, []);
  });

  check(
    'runs: come newest first, as many as are asked for, whatever order they came in',
    async ({ store }) => {
      const runs = Array.from({ length: 30 }, (_, index) => runOf('tuna', 'debian', index));
      const shuffled = runs.map((_, index) => runs[(index * 7) % 30] ?? runOf('tuna', 'debian', 99));
      for (const run of shuffled.slice(0, 10)) await store.write([putRun(run)]);
      await store.write(shuffled.slice(10).map(putRun));
      const newest = [...runs].reverse();
      await assertRuns(store, debian, newest);
      assert.deepEqual(plain(await store.listRuns(debian, 3)), plain(newest.slice(0, 3)));
      assert.deepEqual(plain(await store.listRuns(debian, 1)), plain(newest.slice(0, 1)));
      await assertRunMirrors(store, [debian]);
    },
  );

  check('runs: the same one again replaces itself', async ({ store }) => {
    const run = runOf('tuna', 'debian', 1);
    await store.write([putRun(run)]);
    await store.write([putRun({ ...run, size: '2T' })]);
    await assertRuns(store, debian, [{ ...run, size: '2T' }]);
  });

  check('runs: several that ended at the same time are all kept', async ({ store }) => {
    const runs = ['c', 'b', 'a/1', 'ünï 🐟', ' '].map((id) => runOf('tuna', 'debian', 5, { id }));
    await store.write(runs.map(putRun));
    const ids = (await store.listRuns(debian, 10)).map(({ id }) => id);
    assert.deepEqual([...ids].sort(), runs.map(({ id }) => id).sort());
    await store.write(runs.slice(1).map(deleteRun));
    await assertRuns(store, debian, runs.slice(0, 1));
  });

  check('runs: times before 1970 and far in the future keep their place', async ({ store }) => {
    const ends = [
      '9999-12-31T23:59:59Z',
      '2026-11-23T17:00:00.001Z',
      '2026-11-24T00:59:59+08:00',
      '0001-01-01T00:00:00Z',
    ];
    const runs = ends.map((ended, index) => runOf('tuna', 'debian', 0, { ended, id: String(index) }));
    await store.write([...runs].reverse().map(putRun));
    await assertRuns(store, debian, runs);
  });

  check('runs: all fields come back unchanged', async ({ store }) => {
    const run = runOf('tuna', 'debian', 1, {
      started: '2026-11-24T01:21:41.402910625+08:00',
      result: 'failed',
      reason: 'exit-code',
      attempts: 2,
      exit_code: -1,
      error_msg: 'exit status 23\nmore "quoted" \u0000 \u2028 🐟',
      bytes_transferred: Number.MAX_SAFE_INTEGER,
      files: 0,
      deletions: 7,
      total_bytes: 1_330_000_000_000,
    });
    await store.write([putRun(run)]);
    await assertRuns(store, debian, [run]);
    const [read] = await store.listRuns(debian, 1);
    assert.ok(read);
    read.size = 'changed';
    await assertRuns(store, debian, [run]);
  });

  check('runs: odd names are kept apart, and a deleted worker takes its own with it', async ({ store }) => {
    const names = [...oddNames, 'b/c'];
    const runs = names.flatMap((worker) => names.map((name) => runOf(worker, name, 1)));
    const stops = names.flatMap((worker) => names.map((name) => stopOf(worker, name)));
    await store.write([...runs.map(putRun), ...stops.map(putStop)]);
    await assertRunMirrors(store, runs);
    await store.write(
      names
        .slice(1)
        .filter((_, index) => index % 2 === 0)
        .map((id) => ({ type: 'delete-worker', id })),
    );
    const left = names.filter((_, index) => index === 0 || index % 2 === 0);
    await assertRunMirrors(
      store,
      runs.filter(({ worker }) => left.includes(worker)),
    );
    await assertStops(
      store,
      stops.filter(({ worker }) => left.includes(worker)),
    );
    for (const run of runs) await assertRuns(store, run, left.includes(run.worker) ? [run] : []);
  });

  check(
    'runs: a deleted worker takes those with it that are not acknowledged yet, not later ones',
    async ({ store }) => {
      const [old, pending, later] = [1, 2, 3].map((minute) => runOf('tuna', 'debian', minute));
      assert.ok(old && pending && later);
      await store.write([putRun(old), putStop(stopOf('tuna', 'debian'))]);
      await Promise.all([
        store.write([putRun(pending)]),
        store.write([{ type: 'delete-worker', id: 'tuna' }]),
        store.write([putRun(later)]),
      ]);
      await assertRuns(store, debian, [later]);
      await assertStops(store, []);
    },
  );

  check('runs: changes of one write apply in order', async ({ store }) => {
    const [one, two] = [runOf('tuna', 'debian', 1), runOf('tuna', 'debian', 2)];
    await store.write([
      putRun(one),
      putRun(two),
      { type: 'delete-worker', id: 'tuna' },
      putRun(two),
      deleteRun(two),
      putRun(one),
      putStop(stopOf('tuna', 'debian')),
      { type: 'delete-stop', worker: 'tuna', name: 'debian' },
    ]);
    await assertRuns(store, debian, [one]);
    await assertStops(store, []);
    await store.write([deleteRun(one)]);
    await assertRunMirrors(store, []);
  });

  check('stops: are kept, replaced and deleted', async ({ store }) => {
    const [stop, other] = [stopOf('tuna', 'debian', { skew: -300_000 }), stopOf('2tuna', 'debian')];
    await store.write([putStop(stop), putStop(other)]);
    await assertStops(store, [stop, other]);
    const reported = { ...stop, reported: firstEnd + 1 };
    await store.write([putStop(reported)]);
    await assertStops(store, [reported, other]);
    await store.write([
      { type: 'delete-stop', worker: 'tuna', name: 'debian' },
      { type: 'delete-stop', worker: 'tuna', name: 'nothing' },
    ]);
    await assertStops(store, [other]);
  });

  check(
    'defect 20: 64 writers and readers at a time, with runs: every worker is always known, no run is lost',
    async ({ store }) => {
      const workers = Array.from({ length: 32 }, (_, index) => workerOf(`worker${index}`));
      await store.write(workers.map((worker) => ({ type: 'put-worker', worker })));
      const rounds = 15;
      let writing = true;
      const writer = async (worker: WorkerStatus): Promise<void> => {
        const written: RunRecord[] = [];
        for (let round = 1; round <= rounds; round++) {
          const run = runOf(worker.id, 'debian', round);
          await store.write([
            { type: 'put-worker', worker: { ...worker, last_online: timeOf(round) } },
            { type: 'put-status', status: statusOf(worker.id, 'debian') },
            putRun(run),
            ...written.slice(4).map(deleteRun),
          ]);
          written.splice(4);
          written.unshift(run);
          await assertRuns(store, run, written);
        }
      };
      const reader = async ({ id }: WorkerStatus): Promise<void> => {
        while (writing) {
          assert.equal((await store.getWorker(id))?.id, id);
          const runs = await store.listRuns({ worker: id, name: 'debian' }, 3);
          assert.deepEqual(
            runs.map(runKeyOf),
            runs.map(runKeyOf).sort((a, b) => b.ended - a.ended),
          );
          for (const run of runs) assert.equal(run.worker, id);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const readers = workers.map(reader);
      try {
        await Promise.all(workers.map(writer));
      } finally {
        writing = false;
      }
      await Promise.all(readers);
      assert.equal((await store.listRunMirrors()).length, workers.length);
    },
  );
}

/** A persistent store holds runs and stops after a close. */
export function runReopenTests(check: Check): void {
  check('runs and stops are there after a close, unchanged', async ({ store, reopen }) => {
    assert.ok(reopen, 'a persistent store has reopen()');
    const runs = oddNames.map((name) => runOf('tuna', name, 3, { id: name }));
    const stops = [stopOf('tuna', 'debian', { skew: 5, reported: 7 }), stopOf('a', '*')];
    await store.write([...runs.map(putRun), ...stops.map(putStop)]);
    const again = await reopen();
    for (const run of runs) await assertRuns(again, run, [run]);
    await assertRunMirrors(again, runs);
    await assertStops(again, stops);
    // a store that has just been opened knows what belongs to a worker
    await again.write([{ type: 'delete-worker', id: 'tuna' }]);
    await assertRunMirrors(again, []);
    await assertStops(again, [stopOf('a', '*')]);
  });
}
