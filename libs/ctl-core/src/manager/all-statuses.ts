import type { ManagerClient } from '@tunasync/client';
import type { MirrorStatus } from '@tunasync/protocol';
import { isRefusal } from '../errors/failure.js';

/**
 * Returns the statuses of the mirrors of all workers, with worker and error, which `GET /jobs` lacks. Works with
 * managers of v0.10 too.
 *
 * @throws the errors of the client
 */
export async function allStatuses(manager: ManagerClient): Promise<MirrorStatus[]> {
  const workers = await manager.listWorkers();
  const lists = await Promise.all(workers.map(({ id }) => statusesOf(manager, id)));
  return lists.flat();
}

async function statusesOf(manager: ManagerClient, worker: string): Promise<MirrorStatus[]> {
  try {
    return await manager.listWorkerJobs(worker);
  } catch (error) {
    // the worker was removed after the list of workers was made
    if (isRefusal(error) && error.httpStatus === 400) return [];
    throw error;
  }
}
