import type { ManagerClient } from '@tunasync/client';
import type { MirrorStatus } from '@tunasync/protocol';
import { allStatuses } from '../manager/all-statuses.js';

/** The mirrors of one worker, or of all for an empty id. @throws what the client rejects with */
export async function knownMirrors(manager: ManagerClient, worker: string): Promise<MirrorStatus[]> {
  return worker === '' ? await allStatuses(manager) : await manager.listWorkerJobs(worker);
}
