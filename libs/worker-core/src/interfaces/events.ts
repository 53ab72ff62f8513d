import type { MirrorStatus } from '@tunasync/protocol';
import type { Progress, RunFacts } from '@tunasync/providers';
import type { JobState } from './job-state.js';
import type { RunReason } from './run-reason.js';

/** What a job waits for, when it waits. */
export type WaitReason =
  | { readonly for: 'slot' }
  /** One of the runs of an upstream host to end, of which there may be so many at the same time. */
  | { readonly for: 'upstream'; readonly host: string }
  /** The end of a blackout; `until` in milliseconds since the Unix epoch. */
  | { readonly for: 'blackout'; readonly until: number }
  /** Room where `path` is, in bytes; without `free` its file system does not answer. Looked at again at `until`. */
  | {
      readonly for: 'disk';
      readonly path: string;
      readonly free?: number;
      readonly needed: number;
      readonly until: number;
    }
  /** An upstream that said to come back later; `until` in milliseconds since the Unix epoch. */
  | { readonly for: 'refused'; readonly until: number }
  /** The next attempt; `until` in milliseconds since the Unix epoch. */
  | { readonly for: 'retry'; readonly until: number }
  /** The end of the run that was told to end. */
  | { readonly for: 'end-of-run' };

/** What a reload did. */
export interface ReloadReport {
  /** Names of mirrors that are new. */
  readonly added: readonly string[];
  /** Names of mirrors whose configuration is another one now. */
  readonly changed: readonly string[];
  /** Names of mirrors that are gone. */
  readonly removed: readonly string[];
  /** How many were left alone. */
  readonly unchanged: number;
  /** Sections that differ from what is in force; they need a restart. */
  readonly ignoredSections: readonly string[];
}

/**
 * What a worker tells its listeners. Instants are milliseconds since the Unix epoch, 0 is never.
 * Listeners are called synchronously, in the order of what happens; one that throws is logged and stops nothing.
 */
export interface WorkerEvents {
  /** A job went from one state to another. */
  'job-state': { mirror: string; previous: JobState; state: JobState };
  /** A job that is queued waits for something else than before. That it goes on is told by `run-started`. */
  waits: { mirror: string; waits: WaitReason };
  /** A status report, as managers get it. */
  status: MirrorStatus;
  /** A job got its slot (or went in without one). */
  'run-started': { mirror: string; at: number; forced: boolean };
  /** A run of an earlier process is gone on with. */
  'run-adopted': { mirror: string; startedAt: number };
  /** How far a running sync is; at most once a second for each mirror. */
  progress: { mirror: string } & Progress;
  /** An attempt is over; `retryAt` is 0 when it was the last one of its run. */
  'attempt-ended': {
    mirror: string;
    attempt: number;
    result: 'success' | 'failed' | 'killed';
    reason: RunReason;
    /** Why it failed, else empty. */
    message: string;
    /** Its log file, as the hooks left it; empty when no hook names one. */
    logFile: string;
    retryAt: number;
  };
  /** A run is over and nothing of it is left. */
  'run-ended': {
    mirror: string;
    /** Names the run in its record. */
    id: string;
    result: 'success' | 'failed' | 'killed';
    reason: RunReason;
    /** Why it failed, else empty. */
    message: string;
    startedAt: number;
    endedAt: number;
    /** Attempts that were begun. */
    attempts: number;
    /** Of the last command; null when a signal ended it or none was run. */
    exitCode: number | null;
    facts: RunFacts;
    logFile: string;
    /** Human size of the mirror, or `unknown`. */
    size: string;
  };
  /** A mirror is due at another time; 0: it was taken off the schedule. */
  schedule: { mirror: string; nextDue: number };
  /** Another configuration is in force. */
  reloaded: ReloadReport;
}

/** A listener of one event; what it returns is not used, but the rejection of a promise is logged. */
export type WorkerListener<Name extends keyof WorkerEvents> = (event: WorkerEvents[Name]) => unknown;
