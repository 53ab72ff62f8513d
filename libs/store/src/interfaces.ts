import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';

/** One change of what a store keeps. */
export type StoreChange =
  | { type: 'put-worker'; worker: WorkerStatus }
  /** Takes the worker's statuses with it. */
  | { type: 'delete-worker'; id: string }
  /** Keyed by `status.worker` and `status.name`. */
  | { type: 'put-status'; status: MirrorStatus }
  | { type: 'delete-status'; worker: string; name: string };

/** Where a manager keeps workers and statuses. */
export interface StatusStore {
  /** `level`, `redis`, `memory`, …: for messages. */
  readonly kind: string;
  listWorkers(): Promise<WorkerStatus[]>;
  getWorker(id: string): Promise<WorkerStatus | undefined>;
  /** All statuses, or those of one worker, in no particular order. */
  listStatuses(worker?: string): Promise<MirrorStatus[]>;
  getStatus(worker: string, name: string): Promise<MirrorStatus | undefined>;
  /**
   * Applies all changes, in order, or none. Resolves only when they are on stable storage.
   * After a rejection (`STORE_WRITE_FAILED`) nothing of it is there, and later writes work again once the cause
   * is gone. A server whose answer was lost with the connection may have taken the write all the same: back ends that
   * talk to one say so in their documentation.
   */
  write(changes: readonly StoreChange[]): Promise<void>;
  /** Waits for writes under way; repeated calls change nothing. */
  close(): Promise<void>;
}
