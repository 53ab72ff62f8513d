import type { ExecutionHandle } from '@tunasync/executors';
import type { RunRecord } from '@tunasync/protocol';

/**
 * What a worker knows of a mirror, kept in its state folder. It decides at a start without a manager, and status reports
 * are made from it. Times are milliseconds since the Unix epoch; 0: never.
 */
export interface JobRecord {
  /** Mirror name. */
  readonly name: string;
  /** The state that the admins chose. */
  readonly mode: 'active' | 'paused' | 'disabled';
  /** Status as last reported, apart from `paused` and `disabled`. */
  readonly lastStatus: 'none' | 'pre-syncing' | 'syncing' | 'success' | 'failed';
  readonly lastUpdate: number;
  readonly lastStarted: number;
  readonly lastEnded: number;
  /** When it is due; 0: not scheduled (running, paused, disabled). */
  readonly nextDue: number;
  /** Human size, or `unknown`. */
  readonly size: string;
  readonly errorMsg: string;
  /** The run in progress, to be resumed after a crash. */
  readonly run: RunState | null;
}

/** A run in progress, as far as another process must know of it. */
export interface RunState {
  /** Identifies the run in its record. */
  readonly id: string;
  /** Number of the last attempt that was begun; 0: none. */
  readonly attempt: number;
  /** When that began, milliseconds since the Unix epoch; 0: no attempt is in progress. */
  readonly attemptStarted: number;
  /** Number of its last command, from 0. */
  readonly command: number;
  /** The command that runs, or is about to be started, or has ended and is still dealt with; null: none. */
  readonly handle: ExecutionHandle | null;
  /** Of the attempt. */
  readonly logFile: string;
  /**
   * The run is over, and its report may be missing in the outbox. Versions before the transactional outbox wrote this;
   * it is only read. @defaultValue the run is in progress
   */
  readonly ended?: RunRecord | undefined;
}

/** A run in progress with a command that may still run. */
export type RunWithCommand = RunState & { readonly handle: ExecutionHandle };
