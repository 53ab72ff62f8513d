import type { CachedStore } from '@tunasync/store';

/**
 * What the manager needs of a store. A write is visible at once, so that what is decided from what is stored sees
 * the writes that are still on their way to the disk, and is taken back when it fails.
 */
export type StatusCache = Pick<
  CachedStore,
  | 'workers'
  | 'worker'
  | 'statuses'
  | 'statusesOf'
  | 'status'
  | 'stop'
  | 'listRuns'
  | 'listRunKeys'
  | 'listRunMirrors'
  | 'write'
  | 'onChange'
>;
