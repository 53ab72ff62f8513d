import { isDeepStrictEqual } from 'node:util';
import type { MirrorConfig } from '@tunasync/config';
import type { ExecutionHandle } from '@tunasync/executors';
import type { RunRecord } from '@tunasync/protocol';
import type { Progress } from '@tunasync/providers';
import type { WaitReason } from '../interfaces/events.js';
import type { JobRecord, RunState } from '../interfaces/job-record.js';
import type { BeginOptions, JobHost, JobPlan } from './job-host.js';
import { transition, type JobAction, type JobEvent, type JobPhase } from './job-state.js';
import { LiveRun } from './live-run.js';
import { toMirrorStatus } from './report.js';
import { crashedMessage } from './run-attempt.js';
import { RunLedger } from './run-ledger.js';
import { killedMessage } from './run-record.js';
import type { Run, RunEnd } from './run.js';
import { Slot } from './slot.js';

/**
 * A mirror's job: its state, its record and its run. Events are handled one after the other, each to its end, also
 * those that a listener causes meanwhile; so there is never more than one run of a mirror.
 */
export class Job {
  /** What is known of the mirror; kept after each change. */
  readonly record: JobRecord;
  readonly #host: JobHost;
  readonly #mailbox: JobEvent[] = [];
  readonly #ledger: RunLedger;
  readonly #slot: Slot;
  readonly #live: LiveRun;
  #plan: JobPlan;
  #phase: JobPhase = { state: 'none' };
  #handling = false;
  #run: Run | undefined;
  #settled: Promise<void> = Promise.resolve();
  /** The end of what a crashed worker left running; undefined once it is gone. */
  #leftover: Promise<void> | undefined;
  #muted = false;
  /** Of the run before the one under way. */
  #earlierDuration: number | undefined;

  constructor(host: JobHost, plan: JobPlan, record: JobRecord) {
    this.#host = host;
    this.#plan = plan;
    this.record = record;
    this.#ledger = new RunLedger(host, record);
    this.#slot = new Slot(host.admission, () => this.#plan.admission);
    this.#live = new LiveRun({
      host,
      record,
      ledger: this.#ledger,
      slot: this.#slot,
      tell: () => {
        this.#told();
      },
    });
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
   * Enters the state that its record tells, and the schedule when that is `active`. A run that was under way is gone on
   * with.
   *
   * @param leftover - the end, under way already, of what a crashed worker left running of this mirror
   */
  open(leftover?: Promise<void>): void {
    const { record } = this;
    if (leftover !== undefined) this.#leftover = this.#forget(leftover);
    const { run } = record;
    if (run?.ended !== undefined) {
      this.#tellAgain(run.ended, run.handle);
      return;
    }
    if (run !== null) {
      this.#resume(run);
      return;
    }
    if (record.mode !== 'active') {
      this.#enter({ state: record.mode });
      return;
    }
    if (record.lastStatus === 'syncing' || record.lastStatus === 'pre-syncing') this.#crashed();
    this.handle('schedule');
  }

  /** Of a run that was over when the worker ended: managers may have heard of it or not. */
  #tellAgain(ended: RunRecord, handle: ExecutionHandle | null): void {
    const { mode } = this.record;
    if (mode === 'active') this.tell();
    else this.#enter({ state: mode });
    this.#settled = this.#ledger.tell(ended).then(async () => {
      this.handle('schedule');
      if (handle !== null) await this.#ledger.clearUp(handle);
    });
  }

  /** Goes on with a run of an earlier process; one of which no command was begun takes its turn like any other. */
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
    this.#enter({ state: mode });
  }

  /** An interrupted run is not gone on with. */
  #abandon(): void {
    const { record } = this;
    const run = this.#ledger.interrupted;
    if (run === undefined) return;
    record.lastStatus = 'failed';
    record.lastEnded = this.#host.clock.now();
    record.errorMsg = killedMessage;
    const told = this.#ledger.abandon(run);
    this.#settled = Promise.all([this.#settled, told]).then(() => undefined);
    // a pause is told of by itself
    if (record.mode === 'active') this.#keepAndReport();
    else this.#host.keep(record);
  }

  /** Reports the status as it is. */
  tell(): void {
    this.#host.report(toMirrorStatus(this.#host.worker, this.mirror, this.record));
  }

  /** The machine's clock was set: what is due at a time of day is due at another moment. */
  clockJumped(): void {
    const { mirror, record } = this;
    if (this.#phase.state !== 'ready') return;
    // what follows a failure is not due at a time of day
    const afterFailure = record.lastStatus === 'failed' && mirror.failureIntervalMinutes > 0;
    if (mirror.schedule.kind === 'interval' || afterFailure) {
      // the schedule has moved along
      record.nextDue = this.#host.scheduledAt(mirror.name);
      this.#host.keep(record);
      return;
    }
    record.nextDue = this.#host.firstDue(mirror);
    this.#schedule(record.nextDue);
  }

  /** Takes another configuration; a run under way is ended and followed by one with the new one. */
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
  }

  #enter(phase: JobPhase): void {
    const previous = this.#phase;
    this.#phase = phase;
    const wanted = phase.then ?? phase.state;
    const mode = wanted === 'paused' || wanted === 'disabled' ? wanted : 'active';
    if (mode !== this.record.mode) {
      this.record.mode = mode;
      // a command that changes nothing else must survive a crash, too
      this.#host.keep(this.record);
    }
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
        record.nextDue = this.#host.firstDue(mirror);
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

  readonly #admitted = (): void => {
    this.handle('admitted');
  };

  #begin(): void {
    const { mirror, record } = this;
    this.#earlierDuration = this.lastDuration;
    const interrupted = this.#ledger.begin();
    if (interrupted === undefined) record.lastStarted = this.#host.clock.now();
    const at = record.lastStarted;
    record.lastStatus = 'pre-syncing';
    record.nextDue = 0;
    record.errorMsg = '';
    this.#muted = false;
    this.#live.begin(interrupted?.attempt ?? 0);
    this.#host.emit('run-started', { mirror: mirror.name, at, forced: this.#slot.forced });
    this.#keepAndReport();
    this.#start({ leftover: this.#leftover, interrupted });
  }

  /** Goes on with what an earlier process began. */
  #adopt(): void {
    const { mirror, record } = this;
    const { run } = record;
    if (run === null) return;
    record.nextDue = 0;
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

  #told(): void {
    if (this.#muted) this.#host.keep(this.record);
    else this.#keepAndReport();
  }

  #keepAndReport(): void {
    this.#host.keep(this.record);
    this.tell();
  }

  async #runEnded(mirror: MirrorConfig, end: RunEnd): Promise<void> {
    const { record } = this;
    const endedAt = this.#live.timeOf(end);
    const attempts = this.#live.attempt;
    const { run } = record;
    this.#run = undefined;
    this.#live.end();
    record.lastStatus = end.status === 'success' ? 'success' : 'failed';
    record.lastEnded = endedAt;
    record.errorMsg = end.status === 'killed' ? killedMessage : end.message;
    if (end.status === 'success') {
      record.lastUpdate = endedAt;
      record.size = end.size ?? record.size;
    }
    if (this.#phase.state === 'running') {
      const { lastStarted: startedAt } = record;
      const succeeded = end.status === 'success';
      record.nextDue = this.#host.nextDue(mirror, { startedAt, endedAt, succeeded });
    }
    const ended = await this.#ledger.ended(end);
    this.#told();
    const told = this.#ledger.tell(ended);
    this.#host.emit('run-ended', {
      mirror: mirror.name,
      id: ended.id,
      result: end.status,
      reason: end.reason,
      message: record.errorMsg,
      startedAt: record.lastStarted,
      endedAt,
      attempts,
      exitCode: end.exitCode,
      facts: end.facts,
      logFile: end.logFile,
      size: record.size,
    });
    await told;
    this.#slot.leave();
    this.handle('ended');
    const handle = run?.handle ?? null;
    if (handle !== null) await this.#ledger.clearUp(handle);
  }
}
