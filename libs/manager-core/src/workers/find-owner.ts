import { shortened, type WorkerStatus } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';
import type { StatusCache } from '../store/status-cache.js';

/**
 * The worker that has a mirror.
 *
 * @param id - which one is meant; undefined: the only one that has it
 * @throws ManagerError `WORKER_UNKNOWN`, `MIRROR_NOT_FOUND`, `WORKER_AMBIGUOUS`
 */
export function findOwner(store: StatusCache, mirror: string, id: string | undefined): WorkerStatus {
  if (id !== undefined && id !== '') {
    const worker = store.worker(id);
    if (worker === undefined) throw new ManagerError('WORKER_UNKNOWN', `invalid workerID ${shortened(id)}`);
    return worker;
  }
  const owners = store.workers().filter((worker) => store.status(worker.id, mirror) !== undefined);
  const [worker] = owners;
  if (worker === undefined) {
    throw new ManagerError('MIRROR_NOT_FOUND', `no worker has a mirror '${mirror}'`);
  }
  if (owners.length === 1) return worker;
  const ids = owners.map((owner) => owner.id).sort();
  throw new ManagerError(
    'WORKER_AMBIGUOUS',
    `several workers have a mirror '${mirror}': ${ids.join(', ')}; give ?worker=`,
  );
}
