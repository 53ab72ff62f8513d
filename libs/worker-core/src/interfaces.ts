import type { ExecutionHandle } from '@tunasync/executors';
import type { CmdVerb, MirrorSchedule, MirrorStatus, ProgressEntry, RunRecord } from '@tunasync/protocol';

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

/** Takes what the engine has to tell its managers. Calls return at once and never throw. */
export interface ReportSink {
  /** One job event; delivered in order to every manager. */
  status(report: MirrorStatus): void;
  /** A finished run; delivered to every manager that takes it. @defaultValue nobody is told */
  run?(record: RunRecord): void;
  /** How far running syncs are; only the latest of each mirror counts. @defaultValue nobody is told */
  progress?(entry: ProgressEntry): void;
  /** Resolves when everything told so far is on disk, or cannot be written. @defaultValue it is kept nowhere */
  kept?(): Promise<void> | undefined;
  /** What the worker says of itself in a heartbeat is another thing than before: why a job waits. */
  factsChanged?(): void;
  /** Says that the schedule changed; the sink asks `current` for it when it posts (at most once a second, always the latest). */
  scheduleChanged(current: () => MirrorSchedule[]): void;
  /**
   * Mirrors of which reports were still to be delivered when the first manager was asked for its statuses: it will
   * hear of them by those, so the engine does not tell it again. @defaultValue none
   */
  undelivered?(): ReadonlySet<string>;
  /**
   * Mirrors of which the last report that is still to be delivered says that a run is under way. Where none is, the
   * report of its end was lost (a disk that was full), and the engine tells how the mirror is. @defaultValue none
   */
  underWay?(): ReadonlySet<string>;
}

/** Answer to a command: what the HTTP server (or an embedder) passes on. */
export interface CommandResult {
  /** HTTP status: 200, 404 unknown mirror, 406 unusable command, 500 it failed. */
  status: 200 | 404 | 406 | 500;
  /** `OK` or why not. */
  message: string;
}

/** A command for one mirror, or `reload` with an empty name. */
export interface WorkerCommand {
  verb: CmdVerb;
  mirror: string;
  /** `start` only: go round the concurrency limit. */
  force?: boolean;
}

/** What takes commands: the engine, seen from the HTTP server. */
export interface CommandTarget {
  /** Resolves within 4 s, with the work going on behind if need be. Never rejects. */
  command(command: WorkerCommand): Promise<CommandResult>;
}

/** The managers, as a whole, seen from the engine. */
export interface ManagerConnection extends ReportSink {
  /** Loads what was left undelivered and begins to register with every manager; does not wait for them. */
  start(): Promise<void>;
  /**
   * Asks the first manager for its statuses of this worker's mirrors, once it has taken the registration. Mirrors of
   * which it has still to be told something are left out: the worker's own record is newer. Undefined when it gave no
   * answer in time, or there is no manager.
   */
  restore(): Promise<readonly MirrorStatus[] | undefined>;
  /** Ends it; waits at most `waitMs` (5000) for what is undelivered. Nothing that is kept on disk is lost. */
  close(options?: { waitMs?: number }): Promise<void>;
}
