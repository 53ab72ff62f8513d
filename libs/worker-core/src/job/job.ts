import { isDeepStrictEqual } from 'node:util';
import type { MirrorConfig } from '@tunasync/config';
import type { Progress } from '@tunasync/providers';
import type { WaitReason } from '../interfaces/events.js';
import type { JobRecord, RunState } from '../interfaces/job-record.js';
import type { BeginOptions, JobHost, JobPlan } from './job-host.js';
import { transition, type JobAction, type JobEvent, type JobPhase } from './job-state.js';
import { Ledger, newRun } from './ledger.js';
import { LiveRun } from './live-run.js';
import { crashedMessage } from './run-attempt.js';
import { abandonedRun, killedMessage, runRecordOf } from './run-record.js';
import type { Run, RunEnd } from './run.js';
import { Slot } from './slot.js';

/**
 * A mirror's job: its state, its record and its run. Events are handled one after the other, each to its end, including
 * those that a listener causes; so there is never more than one run of a mirror.
 */
export class Job {
  readonly #host: JobHost;
  readonly #mailbox: JobEvent[] = [];
  readonly #ledger: Ledger;
  readonly #slot: Slot;
  readonly #live: LiveRun;
  #plan: JobPlan;
  #phase: JobPhase = { state: 'none' };
  #handling = false;
  #run: Run | undefined;
  #settled: Promise<void> = Promise.resolve();
  /** The end of what a crashed worker left running; undefined once it is gone. */
  #leftover: Promise<void> | undefined;
  /** Of the run before the one in progress. */
  #earlierDuration: number | undefined;

  constructor(host: JobHost, plan: JobPlan, record: JobRecord) {
    this.#host = host;
    this.#plan = plan;
    this.#ledger = new Ledger(host, () => this.mirror, record);
    this.#slot = new Slot(host.admission, () => this.#plan.admission);
    this.#live = new LiveRun({ host, ledger: this.#ledger, slot: this.#slot });
  }

  /** What is kept of the mirror. */
  get record(): JobRecord {
    return this.#ledger.record;
  }

  get mirror(): MirrorConfig {
    return this.#plan.mirror;
  }

  get phase(): JobPhase {
    return this.#phase;
  }

  /** Number of the attempt under way, from 1; 0 outside attempts. */
  get attempt(): number {
    return this.#live.attempt;
  }

  /** How far the command under way is, when that is known. */
  get progress(): Progress | undefined {
    return this.#live.progress;
  }

  /** How long the last run that is over took, in milliseconds; undefined when that is not known. */
  get lastDuration(): number | undefined {
    const { lastStarted, lastEnded } = this.record;
    return lastStarted > 0 && lastEnded >= lastStarted ? lastEnded - lastStarted : this.#earlierDuration;
  }

  get waits(): WaitReason | undefined {
    if (this.#phase.state === 'halting') return { for: 'end-of-run' };
    return this.#live.waits ?? this.#slot.waits;
  }

  /** Resolves when the run that is under way now (and what a crash left), if any, is gone and its end is recorded. */
  get settled(): Promise<void> {
    return Promise.all([this.#leftover, this.#settled]).then(() => undefined);
  }

  /**
   * Enters the state that its record says, and the schedule when that is `active`. A run that was in progress is resumed.
   *
   * @param leftover - the end, in progress, of what a crashed worker left running of this mirror
   */
  open(leftover?: Promise<void>): void {
    const { record } = this;
    if (leftover !== undefined) this.#leftover = this.#forget(leftover);
    if (record.run?.ended !== undefined) {
      this.#reportEnded(record.run, record.run.ended);
      return;
    }
    if (record.run !== null) {
      this.#resume(record.run);
      return;
    }
    if (record.mode !== 'active') {
      this.#enter({ state: record.mode });
      return;
    }
    if (record.lastStatus === 'syncing' || record.lastStatus === 'pre-syncing') this.#crashed();
    this.handle('schedule');
  }

  /** A run that an earlier version wrote down as over: managers may have its report or not. */
  #reportEnded({ handle }: RunState, ended: NonNullable<RunState['ended']>): void {
    const { mode } = this.record;
    if (mode !== 'active') this.#enter({ state: mode });
    this.#ledger.endRun(ended);
    const kept = mode === 'active' ? this.tell() : this.#ledger.commit();
    this.handle('schedule');
    this.#settled = kept.then(() => this.#clearUp(handle));
  }

  /** Resumes a run of an earlier process; one that has begun no command waits for a slot like any other. */
  #resume({ handle }: RunState): void {
    const { mode } = this.record;
    if (handle !== null) {
      this.handle(mode === 'active' ? 'adopt' : `adopt-${mode}`);
      return;
    }
    if (mode === 'active') {
      this.handle('resume');
      return;
    }
    this.#abandon();
    this.#commit();
    this.#enter({ state: mode });
  }

  /** An interrupted run is not resumed. The caller commits. */
  #abandon(): void {
    const { run, mode } = this.record;
    if (run === null) return;
    this.#ledger.set({
      lastStatus: 'failed',
      lastEnded: this.#host.clock.now(),
      errorMsg: killedMessage,
    });
    this.#ledger.endRun(abandonedRun(this.#host.worker, this.record, run));
    // a pause is reported on its own
    if (mode === 'active') this.#ledger.tell();
  }

  /** Reports the status as it is; resolves when the report is on disk, or cannot be written. */
  tell(): Promise<void> {
    this.#ledger.tell();
    return this.#ledger.commit();
  }

  /** The machine's clock was set: what is due at a time of day is due at another moment. */
  clockJumped(): void {
    const { mirror, record } = this;
    if (this.#phase.state !== 'ready') return;
    // what follows a failure is not due at a time of day
    const afterFailure = record.lastStatus === 'failed' && mirror.failureIntervalMinutes > 0;
    if (mirror.schedule.kind === 'interval' || afterFailure) {
      // the schedule has moved along
      this.#ledger.set({ nextDue: this.#host.scheduledAt(mirror.name) });
    } else {
      this.#schedule(this.#host.firstDue(mirror));
    }
    this.#commit();
  }

  /** Takes another configuration; a run in progress is ended and followed by one with the new configuration. */
  rebuild(plan: JobPlan): void {
    const same = isDeepStrictEqual(this.#plan.admission, plan.admission);
    this.#plan = plan;
    // what waits for a slot with the same wants keeps its place
    if (this.#phase.state !== 'queued' || !same) this.handle('rebuild');
  }

  /** Takes an event; what it leads to is done when this returns, unless this is called while another is handled. */
  handle(event: JobEvent): void {
    this.#mailbox.push(event);
    if (this.#handling) return;
    this.#handling = true;
    for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) {
      // a slot that was given up again meanwhile admits nobody
      if (next === 'admitted' && !this.#slot.isHeld) continue;
      const found = transition(this.#phase, next);
      if (found === undefined) continue;
      this.#enter(found.to);
      for (const action of found.actions) this.#act(action);
      this.#commit();
    }
    this.#handling = false;
  }

  /** Nothing runs, whatever managers were told last. */
  #crashed(): void {
    this.#ledger.set({
      lastStatus: 'failed',
      lastEnded: this.#host.clock.now(),
      errorMsg: crashedMessage,
    });
    void this.tell();
  }

  async #forget(leftover: Promise<void>): Promise<void> {
    await leftover;
    this.#leftover = undefined;
  }

  #enter(phase: JobPhase): void {
    const previous = this.#phase;
    this.#phase = phase;
    const wanted = phase.then ?? phase.state;
    const mode = wanted === 'paused' || wanted === 'disabled' ? wanted : 'active';
    if (mode !== this.record.mode) this.#ledger.set({ mode });
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
      case 'schedule-anew':
        this.#schedule(this.#host.firstDue(mirror));
        break;
      case 'schedule':
        this.#schedule(record.nextDue);
        break;
      case 'unschedule':
        this.#host.schedule(mirror.name, 0);
        break;
      case 'enqueue':
        this.#due();
        this.#slot.enter(this.#admitted);
        break;
      case 'enqueue-forced':
        this.#due();
        this.#slot.enterForced(this.#admitted);
        break;
      case 'go-through':
        this.#slot.goThrough();
        break;
      case 'queue-anew':
        this.#slot.leave();
        this.#slot.enter(this.#admitted);
        break;
      case 'leave-queue':
        this.#slot.leave();
        this.#abandon();
        break;
      case 'begin':
        this.#begin();
        break;
      case 'adopt':
        this.#adopt();
        break;
      case 'kill':
        this.#run?.kill();
        break;
      case 'mute':
        this.#live.mute();
        break;
      case 'report-paused':
      case 'report-disabled':
        this.#ledger.set({ nextDue: 0 });
        this.#ledger.tell();
        break;
    }
  }

  #schedule(due: number): void {
    this.#ledger.set({ nextDue: due });
    this.#host.schedule(this.mirror.name, due);
  }

  /** Due since now, unless it was due before: a start after a crash depends on it. */
  #due(): void {
    const now = this.#host.clock.now();
    const { nextDue } = this.record;
    if (nextDue === 0 || nextDue > now) this.#ledger.set({ nextDue: now });
  }

  #commit(): void {
    void this.#ledger.commit();
  }

  readonly #admitted = (): void => {
    this.handle('admitted');
  };

  #begin(): void {
    const { mirror } = this;
    this.#earlierDuration = this.lastDuration;
    const interrupted = this.#ledger.beginRun();
    if (interrupted === undefined) this.#ledger.set({ lastStarted: this.#host.clock.now() });
    this.#ledger.set({ lastStatus: 'pre-syncing', nextDue: 0, errorMsg: '' });
    this.#live.unmute();
    this.#live.begin(interrupted?.attempt ?? 0);
    const { lastStarted: at } = this.record;
    this.#host.emit('run-started', { mirror: mirror.name, at, forced: this.#slot.forced });
    void this.tell();
    this.#start({ leftover: this.#leftover, interrupted });
  }

  /** Resumes what an earlier process began. */
  #adopt(): void {
    const { mirror, record } = this;
    const { run } = record;
    if (run === null) return;
    this.#ledger.set({ nextDue: 0 });
    this.#live.begin(run.attempt);
    this.#slot.adopt();
    this.#host.logger.notice(`${mirror.name}: taking over the sync that was under way when the worker ended`);
    this.#host.emit('run-adopted', { mirror: mirror.name, startedAt: record.lastStarted });
    this.#start({ leftover: this.#leftover, interrupted: run });
  }

  #start(options: BeginOptions): void {
    const { mirror } = this;
    this.#run = this.#plan.begin(this.#live, options);
    this.#settled = this.#run.ended.then((end) => this.#runEnded(mirror, end));
  }

  /** The end of a run is one write: the record without the run, and the reports about it. */
  async #runEnded(mirror: MirrorConfig, end: RunEnd): Promise<void> {
    const endedAt = this.#live.timeOf(end);
    const succeeded = end.status === 'success';
    const { attempt: attempts } = this.#live;
    const run = this.record.run ?? newRun(this.#host.newId());
    this.#run = undefined;
    this.#live.end();
    this.#ledger.set({
      lastStatus: succeeded ? 'success' : 'failed',
      lastEnded: endedAt,
      errorMsg: end.status === 'killed' ? killedMessage : end.message,
      ...(succeeded && { lastUpdate: endedAt, size: end.size ?? this.record.size }),
    });
    const { lastStarted: startedAt, errorMsg: message, size } = this.record;
    if (this.#phase.state === 'running') {
      this.#ledger.set({ nextDue: this.#host.nextDue(mirror, { startedAt, endedAt, succeeded }) });
    }
    this.#ledger.endRun(runRecordOf(this.#host.worker, this.record, run, end));
    const kept = this.#live.tell();
    this.#host.emit('run-ended', {
      mirror: mirror.name,
      id: run.id,
      result: end.status,
      reason: end.reason,
      message,
      startedAt,
      endedAt,
      attempts,
      exitCode: end.exitCode,
      facts: end.facts,
      logFile: end.logFile,
      size,
    });
    // later changes are written after this one, so the slot and the next run need not wait for the disk
    this.#slot.leave();
    this.handle('ended');
    await kept;
    await this.#clearUp(run.handle);
  }

  /** Only once nothing on disk refers to the command any more: else its true result could be lost. */
  async #clearUp(handle: RunState['handle']): Promise<void> {
    if (handle !== null) await this.#host.clearUp(this.mirror.name, handle);
  }
}
