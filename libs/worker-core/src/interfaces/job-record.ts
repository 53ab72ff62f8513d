import type { ExecutionHandle } from '@tunasync/executors';
import type { RunRecord } from '@tunasync/protocol';

/**
 * What a worker itself knows of a mirror, kept in its state folder: what decides at a start without a manager,
 * and what a status report is made of. Times are milliseconds since the Unix epoch; 0: never.
 */
export interface JobRecord {
  /** Mirror name. */
  name: string;
  /** What the admins want of it. */
  mode: 'active' | 'paused' | 'disabled';
  /** Status as last reported, apart from `paused` and `disabled`. */
  lastStatus: 'none' | 'pre-syncing' | 'syncing' | 'success' | 'failed';
  lastUpdate: number;
  lastStarted: number;
  lastEnded: number;
  /** When it is due; 0: not scheduled (running, paused, disabled). */
  nextDue: number;
  /** Human size, or `unknown`. */
  size: string;
  errorMsg: string;
  /** The run under way, to be gone on with after a crash. */
  run: RunState | null;
}

/** A run under way, as far as another process must know of it. */
export interface RunState {
  /** Names the run in its record. */
  readonly id: string;
  /** Number of the last attempt that was begun; 0: none. */
  readonly attempt: number;
  /** When that began, milliseconds since the Unix epoch; 0: none is under way. */
  readonly attemptStarted: number;
  /** Number of its command under way, from 0. */
  readonly command: number;
  /** That command, or one that is about to be started, or one that has ended and is still dealt with. */
  readonly handle: ExecutionHandle | null;
  /** Of the attempt. */
  readonly logFile: string;
  /** The run is over, and this is still to be told. @defaultValue it is under way */
  readonly ended?: RunRecord | undefined;
}

/** Keeps the {@link JobRecord}s of a worker. */
export interface RecordStore {
  /** Everything that was kept, by mirror name. */
  load(): Promise<Map<string, JobRecord>>;
  /** Keeps a record; the write is under way when this returns, in order with the others. Never throws: failures are logged. */
  put(record: JobRecord): void;
  remove(name: string): void;
  /** Resolves when everything put so far is on disk (or its failure has been logged). */
  flush(): Promise<void>;
  close(): Promise<void>;
}
