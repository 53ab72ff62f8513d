import type { SyncStatus } from '@tunasync/protocol';
import { UsageError } from '../errors/errors.js';
import { isSyncStatus, syncStatuses } from './sync-statuses.js';

/**
 * Reads states separated by commas and appends them to the states of an earlier flag. @throws UsageError for an
 * unknown state
 */
export function readStatuses(text: string, earlier: SyncStatus[] = []): SyncStatus[] {
  const statuses = text.split(',').map((status) => {
    const name = status.trim();
    if (isSyncStatus(name)) return name;
    throw new UsageError(`unknown status '${name}'; there are ${syncStatuses.join(', ')}`);
  });
  return [...earlier, ...statuses];
}
