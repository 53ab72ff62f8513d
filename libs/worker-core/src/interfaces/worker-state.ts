import type { JobRecord } from './job-record.js';
import type { QueuedReport, Report } from './report.js';

/** A change of a worker's state. On disk is all of it or nothing. */
export interface StateChange {
  /** The new record of a mirror. */
  readonly record?: JobRecord | undefined;
  /** A mirror whose record is removed. */
  readonly removed?: string | undefined;
  /** Reports for the managers, in the order of delivery. */
  readonly reports?: readonly Report[] | undefined;
}

/** What became of a {@link StateChange}. */
export interface Commit {
  /** Its reports, numbered. */
  readonly reports: readonly QueuedReport[];
  /** Resolves when it is on disk, or an attempt has failed. Undefined: nothing is to be waited for. */
  readonly kept: Promise<void> | undefined;
}

/**
 * What a worker keeps for its next start: the record of each mirror, and the outbox, i.e. the reports that managers have
 * not acknowledged. Both are in one store, so that a run's end and its report are one write.
 *
 * No method throws or rejects, but for `load`: failures are logged, and the write is tried again.
 */
export interface WorkerState {
  /** Whether it survives the process. */
  readonly durable: boolean;
  /**
   * The records by mirror name.
   *
   * @throws whatever reading the store fails with
   */
  load(): Promise<Map<string, JobRecord>>;
  /**
   * Names the managers. From now on the outbox keeps each report for each of them until it is acknowledged.
   *
   * @returns what an earlier process left for them, in order; reports for other managers are dropped
   */
  openOutbox(managers: readonly string[]): Map<string, readonly QueuedReport[]>;
  /** Keeps a change. Changes take effect, and their `kept` resolves, in the order of the calls. */
  commit(change: StateChange): Commit;
  /** Removes a report from a manager's outbox: it is delivered, or given up. */
  acknowledge(manager: string, seq: number): void;
  /** Resolves when all changes so far are on disk, or an attempt has failed. Undefined: nothing is to be waited for. */
  settled(): Promise<void> | undefined;
  /** Makes a last attempt at what is not on disk. The database itself stays open. */
  close(): Promise<void>;
}
