import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import type { StatusStore } from '../store/interfaces.js';
import { StoreError } from '../store/store-error.js';
import { RunTable } from './run-table.js';
import { StatusTable } from './status-table.js';

/** A store that forgets everything when the process ends: for tests, and for trying things out. */
export function memoryStore(): StatusStore {
  const table = new StatusTable();
  const runs = new RunTable();
  let closed = false;
  const use = <T>(action: () => T): Promise<T> =>
    closed
      ? Promise.reject(new StoreError('STORE_CLOSED', 'the memory store is closed'))
      : Promise.resolve(action());
  // copies, so that neither side sees what the other does to its own
  const copyWorker = (worker: WorkerStatus): WorkerStatus => ({ ...worker });
  const copyStatus = (status: MirrorStatus): MirrorStatus => ({ ...status });
  return {
    kind: 'memory',
    listWorkers: () => use(() => table.workers().map(copyWorker)),
    getWorker: (id) =>
      use(() => {
        const worker = table.worker(id);
        return worker && copyWorker(worker);
      }),
    listStatuses: (worker) =>
      use(() => (worker === undefined ? table.statuses() : table.statusesOf(worker)).map(copyStatus)),
    getStatus: (worker, name) =>
      use(() => {
        const status = table.status(worker, name);
        return status && copyStatus(status);
      }),
    listStops: () => use(() => table.stops().map((stop) => ({ ...stop }))),
    listRuns: (mirror, limit) =>
      use(() =>
        runs
          .list(mirror)
          .slice(0, limit)
          .map(({ run }) => ({ ...run })),
      ),
    listRunKeys: (mirror) => use(() => runs.list(mirror).map(({ key }) => ({ ...key }))),
    listRunMirrors: () => use(() => runs.mirrors()),
    write: (changes) =>
      use(() => {
        for (const change of structuredClone(changes)) {
          table.apply(change);
          runs.apply(change);
        }
      }),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}
