import type { MirrorSchedule, MirrorStatus, ProgressEntry, RunRecord } from '@tunasync/protocol';

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
