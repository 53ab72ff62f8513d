import type { SyncStatus } from '@tunasync/protocol';

/** The list of the protocol once more: its module loads zod, which costs half of the start time. The compiler compares. */
const known: Record<SyncStatus, true> = {
  none: true,
  failed: true,
  success: true,
  syncing: true,
  'pre-syncing': true,
  paused: true,
  disabled: true,
};

/** All states that a mirror job can be in. */
export const syncStatuses = Object.keys(known) as SyncStatus[];

/** Whether `text` is the name of a state. */
export function isSyncStatus(text: string): text is SyncStatus {
  return Object.hasOwn(known, text);
}
