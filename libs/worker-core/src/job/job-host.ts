import type { MirrorConfig } from '@tunasync/config';
import type { ExecutionHandle } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import type { Clock } from '@tunasync/protocol';
import type { Progress } from '@tunasync/providers';
import type { Admission, AdmissionRequest } from '../admission/admission.js';
import type { WorkerEvents } from '../interfaces/events.js';
import type { RunState } from '../interfaces/job-record.js';
import type { StateChange } from '../interfaces/worker-state.js';
import type { Run, RunObserver } from './run.js';

/** A mirror's configuration, ready to be run. */
export interface JobPlan {
  readonly mirror: MirrorConfig;
  /** The request for a slot of its runs. */
  readonly admission: AdmissionRequest;
  /** Begins a run, whose first step is to wait for `leftover`, or resumes an interrupted one. */
  begin(observer: RunObserver, options: BeginOptions): Run;
}

/** How a run begins. */
export interface BeginOptions {
  leftover?: Promise<void> | undefined;
  interrupted?: RunState | undefined;
}

/** Services that all jobs of a worker share. */
export interface JobHost {
  /** Worker id. */
  readonly worker: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admission: Admission;
  /** When a finished run is followed by the next one; 0: never. */
  nextDue(mirror: MirrorConfig, run: { startedAt: number; endedAt: number; succeeded: boolean }): number;
  /** When a new or changed mirror is due first; 0: never. */
  firstDue(mirror: MirrorConfig): number;
  /** When a job is due by the schedule; 0: it is not scheduled. */
  scheduledAt(mirror: string): number;
  /** Schedules a job, or (0) removes it from the schedule. */
  schedule(mirror: string, due: number): void;
  /** Keeps a change and reports it; resolves when it is on disk, or cannot be written. Never rejects. */
  commit(change: StateChange): Promise<void>;
  /** A new id of a run. */
  newId(): string;
  /** Forgets what is kept of a command that has ended; never rejects. */
  clearUp(mirror: string, handle: ExecutionHandle): Promise<void>;
  /** Reports the progress of a run. */
  reportProgress(mirror: string, progress: Progress): void;
  emit<Name extends keyof WorkerEvents>(name: Name, event: WorkerEvents[Name]): void;
}
