import type { MirrorConfig } from '@tunasync/config';
import type { ExecutionHandle } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import type { Clock, MirrorStatus } from '@tunasync/protocol';
import type { Admission, Ticket } from '../admission/admission.js';
import type { WaitReason, WorkerEvents } from '../events.js';
import type { JobRecord } from '../interfaces.js';
import { transition, type JobAction, type JobEvent, type JobPhase } from './job-state.js';
import { toMirrorStatus } from './report.js';
import type { Run, RunEnd, RunObserver } from './run.js';

/** Why a run that was told to end has failed. Source: the original's reports, which readers look for. */
export const killedMessage = 'killed by manager';

/** Why a run has failed that a worker began and, having crashed, did not see the end of. */
export const crashedMessage = 'signal: killed: the worker ended during the sync';

/** A mirror's configuration, ready to be run. */
export interface JobPlan {
  readonly mirror: MirrorConfig;
  /** Begins a run; its first step is to wait for `leftover`. */
  begin(observer: RunObserver, leftover: Promise<void> | undefined): Run;
}

/** What all jobs of a worker share. */
export interface JobHost {
  /** Worker id. */
  readonly worker: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admission: Admission;
  /** When a run that ends now is followed by the next one. */
  nextDue(mirror: MirrorConfig, end: number): number;
  /** Puts a job on the schedule, or (0) takes it off. */
  schedule(mirror: string, due: number): void;
  /** Keeps a record. */
  keep(record: JobRecord): void;
  /** Ends a command that an earlier process left running; resolves when it is gone. */
  endLeftover(mirror: string, handle: ExecutionHandle): Promise<void>;
  /** Sends a status to every manager. */
  report(status: MirrorStatus): void;
  emit<Name extends keyof WorkerEvents>(name: Name, event: WorkerEvents[Name]): void;
}

/**
 * A mirror's job: its state, its record and its run. Events are handled one after the other, each to its end, also
 * those that a listener causes meanwhile; so there is never more than one run of a mirror.
 */
export class Job {
  /** What is known of the mirror; kept after each change. */
  readonly record: JobRecord;
  readonly #host: JobHost;
  readonly #mailbox: JobEvent[] = [];
  #plan: JobPlan;
  #phase: JobPhase = { state: 'none' };
  #handling = false;
  #ticket: Ticket | undefined;
  #run: Run | undefined;
  #settled: Promise<void> = Promise.resolve();
  /** The end of what a crashed worker left running; undefined once it is gone. */
  #leftover: Promise<void> | undefined;
  #muted = false;
  #attempt = 0;
  #retryAt = 0;

  constructor(host: JobHost, plan: JobPlan, record: JobRecord) {
    this.#host = host;
    this.#plan = plan;
    this.record = record;
  }

  get mirror(): MirrorConfig {
    return this.#plan.mirror;
  }

  get phase(): JobPhase {
    return this.#phase;
  }

  /** Number of the attempt under way, from 1; 0 outside attempts. */
  get attempt(): number {
    return this.#attempt;
  }

  get waits(): WaitReason | undefined {
    if (this.#phase.state === 'queued') return { for: 'slot' };
    if (this.#phase.state === 'halting') return { for: 'end-of-run' };
    return this.#retryAt > 0 ? { for: 'retry', until: this.#retryAt } : undefined;
  }

  /** Resolves when the run that is under way now (and what a crash left), if any, is gone and its end is recorded. */
  get settled(): Promise<void> {
    return Promise.all([this.#leftover, this.#settled]).then(() => undefined);
  }

  /**
   * Enters the state that its record tells, and the schedule when that is `active`.
   *
   * @param leftover - the end, under way already, of what a crashed worker left running of this mirror
   */
  open(leftover?: Promise<void>): void {
    const { mirror, record } = this;
    const { running } = record;
    const ending = leftover ?? (running === null ? undefined : this.#host.endLeftover(mirror.name, running));
    if (ending !== undefined) this.#leftover = this.#forget(ending);
    if (record.mode !== 'active') {
      this.#enter({ state: record.mode });
      return;
    }
    if (record.lastStatus === 'syncing' || record.lastStatus === 'pre-syncing') this.#crashed();
    this.handle('schedule');
  }

  /** Reports the status as it is. */
  tell(): void {
    this.#host.report(toMirrorStatus(this.#host.worker, this.mirror, this.record));
  }

  /** Takes another configuration; a run under way is ended and followed by one with the new one. */
  rebuild(plan: JobPlan): void {
    this.#plan = plan;
    this.handle('rebuild');
  }

  /** Takes an event; what it leads to is done when this returns, unless this is called while another is handled. */
  handle(event: JobEvent): void {
    this.#mailbox.push(event);
    if (this.#handling) return;
    this.#handling = true;
    for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) {
      // a slot that was given up again meanwhile admits nobody
      if (next === 'admitted' && this.#ticket?.state !== 'admitted') continue;
      const found = transition(this.#phase, next);
      if (found === undefined) continue;
      this.#enter(found.to);
      for (const action of found.actions) this.#act(action);
    }
    this.#handling = false;
  }

  /** Nothing is under way, whatever managers were told last. */
  #crashed(): void {
    this.record.lastStatus = 'failed';
    this.record.lastEnded = this.#host.clock.now();
    this.record.errorMsg = crashedMessage;
    this.#keepAndReport();
  }

  async #forget(leftover: Promise<void>): Promise<void> {
    await leftover;
    this.#leftover = undefined;
    this.record.running = null;
    this.#host.keep(this.record);
  }

  #enter(phase: JobPhase): void {
    const previous = this.#phase;
    this.#phase = phase;
    const wanted = phase.then ?? phase.state;
    this.record.mode = wanted === 'paused' || wanted === 'disabled' ? wanted : 'active';
    if (previous.state !== phase.state) {
      this.#host.emit('job-state', {
        mirror: this.mirror.name,
        previous: previous.state,
        state: phase.state,
      });
    }
  }

  #act(action: JobAction): void {
    const { record, mirror } = this;
    switch (action) {
      case 'schedule-now':
        record.nextDue = this.#host.clock.now();
        this.#schedule(record.nextDue);
        break;
      case 'schedule':
        this.#schedule(record.nextDue);
        break;
      case 'unschedule':
        this.#host.schedule(mirror.name, 0);
        break;
      case 'enqueue':
        this.#due();
        this.#ticket = this.#host.admission.enter(this.#admitted);
        break;
      case 'enqueue-forced':
        this.#due();
        this.#ticket = this.#host.admission.enterForced(this.#admitted);
        break;
      case 'go-through':
        this.#ticket?.force();
        break;
      case 'leave-queue':
        this.#ticket?.leave();
        break;
      case 'begin':
        this.#begin();
        break;
      case 'kill':
        this.#run?.kill();
        break;
      case 'mute':
        this.#muted = true;
        break;
      case 'report-paused':
      case 'report-disabled':
        record.nextDue = 0;
        this.#keepAndReport();
        break;
    }
  }

  #schedule(due: number): void {
    this.#host.keep(this.record);
    this.#host.schedule(this.mirror.name, due);
  }

  /** Due since now, unless the schedule said so: what a start after a crash goes by. */
  #due(): void {
    const now = this.#host.clock.now();
    if (this.record.nextDue === 0 || this.record.nextDue > now) {
      this.record.nextDue = now;
      this.#host.keep(this.record);
    }
  }

  readonly #admitted = (ticket: Ticket): void => {
    this.#ticket = ticket;
    this.handle('admitted');
  };

  #begin(): void {
    const { mirror, record } = this;
    const at = this.#host.clock.now();
    record.lastStatus = 'pre-syncing';
    record.lastStarted = at;
    record.nextDue = 0;
    record.errorMsg = '';
    this.#muted = false;
    this.#attempt = 0;
    this.#host.emit('run-started', { mirror: mirror.name, at, forced: this.#ticket?.forced ?? false });
    this.#keepAndReport();
    this.#run = this.#plan.begin(this.#observer, this.#leftover);
    this.#settled = this.#run.ended.then((end) => {
      this.#runEnded(mirror, end);
    });
  }

  readonly #observer: RunObserver = {
    syncing: (attempt) => {
      this.#attempt = attempt;
      this.#retryAt = 0;
      this.record.lastStatus = 'syncing';
      this.record.errorMsg = '';
      this.#progress();
    },
    attemptEnded: (attempt, end, logFile, retryInMs) => {
      const now = this.#host.clock.now();
      const message = end.kind === 'failed' ? end.message : end.kind === 'killed' ? killedMessage : '';
      this.#retryAt = retryInMs === undefined ? 0 : now + retryInMs;
      this.#host.emit('attempt-ended', {
        mirror: this.mirror.name,
        attempt,
        result: end.kind,
        message,
        logFile,
        retryAt: this.#retryAt,
      });
      if (retryInMs === undefined) return;
      this.record.lastStatus = 'failed';
      this.record.lastEnded = now;
      this.record.errorMsg = message;
      this.#progress();
    },
    execution: (handle) => {
      this.record.running = handle;
      this.#host.keep(this.record);
    },
  };

  #progress(): void {
    if (this.#muted) this.#host.keep(this.record);
    else this.#keepAndReport();
  }

  #keepAndReport(): void {
    this.#host.keep(this.record);
    this.tell();
  }

  #runEnded(mirror: MirrorConfig, end: RunEnd): void {
    const { record } = this;
    const endedAt = this.#host.clock.now();
    this.#run = undefined;
    this.#retryAt = 0;
    record.lastStatus = end.status === 'success' ? 'success' : 'failed';
    record.lastEnded = endedAt;
    record.errorMsg = end.status === 'failed' ? end.message : end.status === 'killed' ? killedMessage : '';
    if (end.status === 'success') {
      record.lastUpdate = endedAt;
      record.size = end.size ?? record.size;
    }
    if (this.#phase.state === 'running') record.nextDue = this.#host.nextDue(mirror, endedAt);
    this.#progress();
    this.#host.emit('run-ended', {
      mirror: mirror.name,
      result: end.status,
      message: record.errorMsg,
      startedAt: record.lastStarted,
      endedAt,
      attempts: this.#attempt,
      logFile: end.logFile,
      size: record.size,
    });
    this.#attempt = 0;
    this.#ticket?.leave();
    this.handle('ended');
  }
}
