import type { WorkerConfig } from '@tunasync/config';
import type { MirrorStatus, SyncStatus } from '@tunasync/protocol';
import type { Progress } from '@tunasync/providers';
import type { BlackoutWindow, ScheduleRule } from '@tunasync/scheduler';
import type { CommandTarget } from './commands.js';
import type { ReloadReport, WaitReason, WorkerEvents, WorkerListener } from './events.js';
import type { JobRecord } from './job-record.js';
import type { AfterHalting, JobState } from './job-state.js';
import type { EngineFacts } from './worker-facts.js';

/** What a worker knows of a job at one moment. Instants are milliseconds since the Unix epoch, 0 is never. */
export interface JobSnapshot extends Readonly<Omit<JobRecord, 'mode' | 'run'>> {
  readonly state: JobState;
  /** While `halting`: what follows. */
  readonly then?: AfterHalting;
  /** What it waits for, when it waits. */
  readonly waits?: WaitReason;
  /** How far the command under way is, when that is known. */
  readonly progress?: Progress;
  /** Status as managers know it. */
  readonly status: SyncStatus;
  /** Number of the attempt under way, from 1; 0 when there is none. */
  readonly attempt: number;
  readonly upstream: string;
  readonly provider: string;
  readonly isMaster: boolean;
  /** By what rule it is due. */
  readonly schedule: ScheduleRule;
  /** Times in which nothing starts. */
  readonly blackout: readonly BlackoutWindow[];
  /** Zone of the blackout: an IANA name. */
  readonly timezone: string;
  /** Attempts that a run has at most. */
  readonly attempts: number;
  /** How long the last run that is over took, in milliseconds; absent: unknown. */
  readonly lastDuration?: number;
  /** Minutes without a success after which the mirror is stale; 0: never. */
  readonly staleAfterMinutes: number;
  /** Folder of its logs. */
  readonly logDir: string;
  /** The log that is being written: its path, and to which attempt of which run it belongs. Absent: none is. */
  readonly log?: { readonly file: string; readonly run: string; readonly attempt: number };
}

/** A worker engine: runs the jobs of its mirrors until it is stopped. `await using` stops it. */
export interface Worker extends CommandTarget, AsyncDisposable {
  /** Worker id, from the configuration. */
  readonly name: string;
  /**
   * Begins to work: finds out what is due and schedules every mirror. Repeated calls change nothing.
   *
   * @throws `WORKER_STOPPED` after {@link stop}; whatever loading the records fails with
   */
  start(): Promise<void>;
  /**
   * Ends all runs and resolves when no child, timer or file handle is left. Killed runs are reported as failed.
   * Repeated calls change nothing. Never rejects.
   */
  stop(): Promise<void>;
  /** Listens to an event; the returned function ends that. */
  on<Name extends keyof WorkerEvents>(name: Name, listener: WorkerListener<Name>): () => void;
  /** What the worker tells of itself in a heartbeat. Looks at the mirrors' file systems; takes seconds when one hangs. */
  facts(): Promise<EngineFacts>;
  /** The status of each mirror as managers get it, in the order of the configuration. */
  statuses(): MirrorStatus[];
  /** All jobs as they are now, in the order of the configuration. */
  jobs(): JobSnapshot[];
  /**
   * Takes over the mirrors of another configuration; its other sections need a restart and are only reported.
   *
   * @throws `WORKER_NOT_RUNNING` before {@link start} and after {@link stop}
   */
  reload(config: WorkerConfig): Promise<ReloadReport>;
}
