import type { ManagerClient } from '@tunasync/client';
import type { MirrorStatus } from '@tunasync/protocol';
import { allStatuses } from '../manager/all-statuses.js';

/** Returns the mirrors of one worker, or of all workers for an empty id. @throws the errors of the client */
export async function knownMirrors(manager: ManagerClient, worker: string): Promise<MirrorStatus[]> {
  return worker === '' ? await allStatuses(manager) : await manager.listWorkerJobs(worker);
}
