import type { MirrorConfig } from '@tunasync/config';
import type { ExecutionHandle } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import type { Clock, MirrorStatus, RunRecord } from '@tunasync/protocol';
import type { Progress } from '@tunasync/providers';
import type { Admission, AdmissionRequest } from '../admission/admission.js';
import type { WorkerEvents } from '../interfaces/events.js';
import type { JobRecord } from '../interfaces/job-record.js';
import type { InterruptedRun, Run, RunObserver } from './run.js';

/** A mirror's configuration, ready to be run. */
export interface JobPlan {
  readonly mirror: MirrorConfig;
  /** What its runs ask for a slot with. */
  readonly admission: AdmissionRequest;
  /** Begins a run, whose first step is to wait for `leftover`, or goes on with an interrupted one. */
  begin(observer: RunObserver, options: BeginOptions): Run;
}

/** How a run begins. */
export interface BeginOptions {
  leftover?: Promise<void> | undefined;
  interrupted?: InterruptedRun | undefined;
}

/** What all jobs of a worker share. */
export interface JobHost {
  /** Worker id. */
  readonly worker: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admission: Admission;
  /** When a run that is over is followed by the next one; 0: never. */
  nextDue(mirror: MirrorConfig, run: { startedAt: number; endedAt: number; succeeded: boolean }): number;
  /** When a mirror that is new, or another one, is due first; 0: never. */
  firstDue(mirror: MirrorConfig): number;
  /** When a job is due by the schedule; 0: it is not on it. */
  scheduledAt(mirror: string): number;
  /** Puts a job on the schedule, or (0) takes it off. */
  schedule(mirror: string, due: number): void;
  /** Keeps a record. */
  keep(record: JobRecord): void;
  /** Resolves when all that was to be kept is on disk, or cannot be written. */
  kept(): Promise<void>;
  /** Resolves when all that was reported is on disk, or cannot be written. */
  reportsKept(): Promise<void>;
  /** Names a run. */
  newId(): string;
  /** Forgets what is kept of a command that has ended; never rejects. */
  clearUp(mirror: string, handle: ExecutionHandle): Promise<void>;
  /** Sends a status to every manager. */
  report(status: MirrorStatus): void;
  /** Sends the record of a finished run to every manager. */
  reportRun(record: RunRecord): void;
  /** Tells how far a run is. */
  reportProgress(mirror: string, progress: Progress): void;
  emit<Name extends keyof WorkerEvents>(name: Name, event: WorkerEvents[Name]): void;
}
