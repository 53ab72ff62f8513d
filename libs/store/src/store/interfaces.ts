import type { MirrorStatus, RunRecord, WorkerStatus } from '@tunasync/protocol';

/** When a mirror at a worker was stopped or disabled: earlier reports must not undo that. */
export interface StopRecord {
  worker: string;
  /** Mirror name. */
  name: string;
  /**
   * When the manager stored a command to stop; milliseconds since the Unix epoch on the manager's clock. Absent when
   * only the worker's own report counts.
   */
  at?: number | undefined;
  /** How far the worker's clock was ahead of the manager's then, in milliseconds, when that was known. */
  skew?: number | undefined;
  /**
   * The last instant in the worker's own report of the stop; milliseconds since the Unix epoch on the worker's
   * clock. Absent until it reports.
   */
  reported?: number | undefined;
}

/** The name of a finished run, which also orders the runs of a mirror. */
export interface RunKey {
  worker: string;
  /** Mirror name. */
  name: string;
  /** When it ended, milliseconds since the Unix epoch, 0 for everything before. */
  ended: number;
  id: string;
}

/** A mirror at a worker. */
export interface MirrorKey {
  worker: string;
  /** Mirror name. */
  name: string;
}

/** One change of the content of a store. */
export type StoreChange =
  | { type: 'put-worker'; worker: WorkerStatus }
  /** Takes the worker's statuses, stops and runs with it. */
  | { type: 'delete-worker'; id: string }
  /** Keyed by `status.worker` and `status.name`. */
  | { type: 'put-status'; status: MirrorStatus }
  | { type: 'delete-status'; worker: string; name: string }
  /** Keyed by `stop.worker` and `stop.name`. */
  | { type: 'put-stop'; stop: StopRecord }
  | { type: 'delete-stop'; worker: string; name: string }
  /** Keyed by {@link runKeyOf}. */
  | { type: 'put-run'; run: RunRecord }
  | { type: 'delete-run'; key: RunKey };

/** Where a manager keeps workers, statuses, and finished runs. */
export interface StatusStore {
  /** `level`, `redis`, `memory`, …: for messages. */
  readonly kind: string;
  listWorkers(): Promise<WorkerStatus[]>;
  getWorker(id: string): Promise<WorkerStatus | undefined>;
  /** All statuses, or those of one worker, in no particular order. */
  listStatuses(worker?: string): Promise<MirrorStatus[]>;
  getStatus(worker: string, name: string): Promise<MirrorStatus | undefined>;
  /** All stops, in no particular order. */
  listStops(): Promise<StopRecord[]>;
  /**
   * The newest runs of a mirror at a worker, newest first; those that cannot be read are left out. Costs no more than
   * these, however many there are.
   */
  listRuns(mirror: MirrorKey, limit: number): Promise<RunRecord[]>;
  /** The keys of all runs of a mirror at a worker, newest first. */
  listRunKeys(mirror: MirrorKey): Promise<RunKey[]>;
  /** All mirrors that have runs, in no particular order. */
  listRunMirrors(): Promise<MirrorKey[]>;
  /**
   * Applies all changes, in order, or none. Resolves only when they are on stable storage. After a rejection
   * (`STORE_WRITE_FAILED`) none of them is stored, and later writes work again once the cause is gone. A server
   * whose answer was lost with the connection may have applied the write nevertheless: back ends with a server say
   * so in their documentation.
   */
  write(changes: readonly StoreChange[]): Promise<void>;
  /** Waits for pending writes; repeated calls change nothing. */
  close(): Promise<void>;
}
