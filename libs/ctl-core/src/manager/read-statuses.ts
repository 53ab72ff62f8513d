import type { SyncStatus } from '@tunasync/protocol';
import { UsageError } from '../errors/errors.js';
import { isSyncStatus, syncStatuses } from './sync-statuses.js';

/** Reads states that are separated by commas, after those of an earlier flag. @throws UsageError for another word */
export function readStatuses(text: string, earlier: SyncStatus[] = []): SyncStatus[] {
  const statuses = text.split(',').map((status) => {
    const name = status.trim();
    if (isSyncStatus(name)) return name;
    throw new UsageError(`unknown status '${name}'; there are ${syncStatuses.join(', ')}`);
  });
  return [...earlier, ...statuses];
}
