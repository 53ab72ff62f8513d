import type { SyncStatus } from '@tunasync/protocol';

/**
 * Repeats the list of the protocol, whose module loads zod, which takes half of the start time. The compiler
 * compares both lists.
 */
const known: Record<SyncStatus, true> = {
  none: true,
  failed: true,
  success: true,
  syncing: true,
  'pre-syncing': true,
  paused: true,
  disabled: true,
};

/** All possible states of a job. */
export const syncStatuses = Object.keys(known) as SyncStatus[];

/** Whether `text` is the name of a state. */
export function isSyncStatus(text: string): text is SyncStatus {
  return Object.hasOwn(known, text);
}
