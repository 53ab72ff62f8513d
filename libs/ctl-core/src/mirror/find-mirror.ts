import type { ManagerClient } from '@tunasync/client';
import type { MirrorStatus } from '@tunasync/protocol';
import { isRefusal } from '../errors/failure.js';
import { allStatuses } from '../manager/all-statuses.js';
import { unknownMirror } from './unknown-mirror.js';

/** Whether the manager answered 404, for an unknown name or for an unknown route. */
export function isNotFound(error: unknown): boolean {
  return isRefusal(error) && error.httpStatus === 404;
}

/**
 * Returns the statuses of a mirror at all workers that have it. Works with managers of v0.10 too.
 *
 * @throws CtlError `CTL_UNKNOWN_MIRROR`, and the errors of the client
 */
export async function findMirror(manager: ManagerClient, name: string): Promise<MirrorStatus[]> {
  try {
    return await manager.listJobsByName(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const all = await allStatuses(manager);
  const found = all.filter((job) => job.name === name);
  if (found.length > 0) return found;
  throw unknownMirror(
    name,
    all.map((job) => job.name),
  );
}
