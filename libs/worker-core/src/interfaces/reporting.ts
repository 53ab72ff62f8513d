import type { MirrorSchedule, MirrorStatus, ProgressEntry, RunRecord } from '@tunasync/protocol';

/** Takes the reports of the engine for the managers. Calls return at once and never throw. */
export interface ReportSink {
  /**
   * The status of a mirror; delivered in order to every manager.
   *
   * @param seq - number of the report in the outbox
   */
  status(report: MirrorStatus, seq: number | undefined): void;
  /** A finished run; delivered to every manager that takes it. @defaultValue it is not reported */
  run?(record: RunRecord, seq: number | undefined): void;
  /** Progress of a running sync; only the latest of each mirror counts. @defaultValue it is not reported */
  progress?(entry: ProgressEntry): void;
  /** The facts of a heartbeat have changed, e.g. why a job waits. */
  factsChanged?(): void;
  /** The schedule changed; the sink calls `current` when it posts (at most once a second, always the latest). */
  scheduleChanged(current: () => MirrorSchedule[]): void;
}

/** What the first manager knows of a worker's mirrors. */
export interface RestoredStatuses {
  /** Its statuses, without those of the mirrors in `undelivered`. */
  readonly statuses: readonly MirrorStatus[];
  /**
   * Mirrors with reports that are not delivered to it yet. The worker's own record of them is newer, and the engine does
   * not report them again. @defaultValue none
   */
  readonly undelivered?: ReadonlySet<string>;
}

/** The managers, as a whole, seen from the engine. */
export interface ManagerConnection extends ReportSink {
  /** Begins to register with every manager and to deliver; does not wait for them. Repeated calls change nothing. */
  start(): void;
  /**
   * Asks the first manager for its statuses of this worker's mirrors, once it has taken the registration. Undefined: it
   * gave no answer in time, or there is no manager.
   */
  restore(): Promise<RestoredStatuses | undefined>;
  /** Ends it; waits at most `waitMs` (5000) for what is undelivered. Nothing that is kept on disk is lost. */
  close(options?: { waitMs?: number }): Promise<void>;
}
