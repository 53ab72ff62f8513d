import type { Logger } from '@tunasync/logger';
import {
  messageOf,
  type Clock,
  type ClockTimer,
  type MirrorSchedule,
  type MirrorStatus,
  type WorkerStatus,
} from '@tunasync/protocol';
import { Deferred, backoffMs } from '@tunasync/util';
import { failureKind, isNotOffered } from './classify-failure.js';
import type { ManagerApi } from './manager-api.js';
import { LaneParking } from './mirror-backoff.js';
import { type QueuedReport, type Report, type ReportQueue, reports } from './outbox-queue.js';
import { ScheduleSlot } from './schedule-reporter.js';

/** What a {@link ManagerChannel} is made of. */
export interface ManagerChannelOptions {
  /** The manager's URL without userinfo, for messages. */
  address: string;
  api: ManagerApi;
  worker: WorkerStatus;
  queue: ReportQueue;
  logger: Logger;
  clock: Clock;
  random: () => number;
  /** Reports of different mirrors that are sent at the same time. */
  connections: number;
  /** Shortest time between two schedule posts, milliseconds. */
  scheduleGapMs: number;
  /** After this many milliseconds without a request the manager is asked whether it still knows the worker. */
  quietMs: number;
  /** A report is delivered, refused for good, or dropped. */
  onSettled: (report: QueuedReport) => void;
  /** The last report of every mirror, for a manager that has lost them. */
  lastReports: () => Iterable<MirrorStatus>;
  /** A number for a report that is sent once more. */
  nextSeq: () => number;
  /** The manager has taken the registration. */
  onRegistered: () => void;
}

/** Milliseconds that a schedule post may take: old managers write each entry by itself. */
const scheduleTimeoutMs = 30_000;
/** So long, in milliseconds, a manager that takes no run records is not offered any: those of that time it never gets. */
const runsNotOfferedMs = 600_000;
/** After so many failures in a row it was the manager, not one report, that was at fault. */
const outage = 3;

/** The way to one manager: registers, delivers what its queue holds, posts the schedule, and never gives up. */
export class ManagerChannel {
  readonly #options: ManagerChannelOptions;
  readonly #aborting = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #parking: LaneParking;
  readonly #schedule: ScheduleSlot;
  readonly #firstRegistration = new Deferred();
  readonly #finished = new Deferred();
  #registration: 'none' | 'under-way' | 'done' = 'none';
  /** Counts registrations: an answer to a request from before the last one says nothing about it. */
  #epoch = 0;
  /** Whether the manager has taken anything since the last registration. */
  #trusted = true;
  /** Whether the manager may have lost what it was told before. */
  #forgotten = false;
  /** Until when run records are not sent, as the manager has no such route. */
  #runsNotOffered = 0;
  #inFlight = 0;
  #failures = 0;
  #pause: ClockTimer | undefined;
  #quiet: ClockTimer | undefined;
  #lastContact = 0;
  #state: 'new' | 'open' | 'finishing' | 'given-up' | 'stopped' = 'new';

  constructor(options: ManagerChannelOptions) {
    this.#options = options;
    const { clock, queue, random, scheduleGapMs } = options;
    const wake = (): void => {
      this.#pump();
    };
    this.#parking = new LaneParking({ clock, queue, random, wake });
    this.#schedule = new ScheduleSlot({ clock, queue, gapMs: scheduleGapMs, wake });
  }

  /** Resolves with the first registration that the manager takes. */
  get registered(): Promise<void> {
    return this.#firstRegistration.promise;
  }

  /** Whether the manager knows the worker, as far as is known. */
  get knowsWorker(): boolean {
    return this.#state === 'open' && this.#registration === 'done';
  }

  /** Whether it takes requests, too. */
  get ready(): boolean {
    return this.knowsWorker && this.#pause === undefined;
  }

  /** The manager answered a request of somebody else's. */
  contacted(): void {
    this.#lastContact = this.#options.clock.now();
  }

  /** It answered that it does not know this worker. */
  unknown(error: unknown): void {
    this.#lost(this.#epoch, error);
    this.#pump();
  }

  /** Begins to register and to deliver. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    this.#lastContact = this.#options.clock.now();
    this.#armQuietCheck(this.#options.quietMs);
    this.#pump();
  }

  /** Adds a report to the queue. */
  offer(seq: number, report: Report): void {
    for (const dropped of this.#options.queue.push(seq, report)) this.#options.onSettled(dropped);
    this.#pump();
  }

  /** Posts the schedule once everything that is in the queue now is delivered. */
  scheduleChanged(current: () => MirrorSchedule[]): void {
    this.#schedule.set(current);
    this.#pump();
  }

  /** Delivers what it can without waiting for a manager that does not answer; resolves when that is done. */
  finish(): Promise<void> {
    if (this.#state === 'new' || this.#state === 'stopped') return Promise.resolve();
    if (this.#state === 'open') {
      this.#state = 'finishing';
      this.#endPause();
      this.#parking.clear();
      this.#pump();
    }
    return this.#finished.promise;
  }

  /** Gives up what is under way; resolves when no request and no timer is left. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#finished.resolve();
    this.#endPause();
    this.#quiet?.cancel();
    this.#parking.clear();
    this.#schedule.clear();
    this.#aborting.abort();
    await Promise.allSettled(this.#tasks);
    this.#parking.clear();
    this.#options.api.close();
  }

  #pump(): void {
    const finishing = this.#state === 'finishing';
    const wanted = this.#state === 'open' || (finishing && this.#options.queue.size > 0);
    if (wanted && this.#pause === undefined) {
      if (this.#registration === 'none') this.#run(this.#register());
      else if (this.#registration === 'done' && !this.#schedule.posting) this.#send(finishing);
    }
    const registering = this.#registration === 'under-way' && this.#options.queue.size > 0;
    const idle = this.#inFlight === 0 && !registering && !this.#schedule.posting;
    if (idle && (finishing || this.#state === 'given-up')) this.#finished.resolve();
  }

  /** Reports, as many as may be under way; the schedule alone, between those before and those after it. */
  #send(finishing: boolean): void {
    if (!finishing && this.#schedule.due) {
      const current = this.#inFlight === 0 ? this.#schedule.take() : undefined;
      if (current !== undefined) this.#run(this.#postSchedule(current));
      return;
    }
    const limit = this.#failures > 0 ? 1 : this.#options.connections;
    for (let next = this.#next(limit); next !== undefined; next = this.#next(limit)) {
      this.#run(this.#deliver(next));
    }
  }

  #next(limit: number): QueuedReport | undefined {
    return this.#inFlight < limit ? this.#options.queue.take() : undefined;
  }

  #run(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => {
      this.#tasks.delete(task);
      if (this.#state !== 'stopped') this.#pump();
    });
  }

  async #register(): Promise<void> {
    const { api, worker, address, logger } = this.#options;
    this.#registration = 'under-way';
    try {
      await api.registerWorker(worker, { signal: this.#aborting.signal });
      if (this.#forgotten) await this.#tellAgain();
    } catch (error) {
      this.#registration = 'none';
      this.#failed(error);
      return;
    }
    this.#forgotten = false;
    this.#registration = 'done';
    // it may be another one by now
    this.#runsNotOffered = 0;
    this.#epoch += 1;
    this.#lastContact = this.#options.clock.now();
    logger.notice(`registered with manager ${address}`);
    this.#firstRegistration.resolve();
    this.#options.onRegistered();
  }

  /** A manager that lost its database gets the last status of every mirror that it does not have. */
  async #tellAgain(): Promise<void> {
    const { api, worker, queue, lastReports, nextSeq, onSettled } = this.#options;
    const statuses = await api.listWorkerJobs(worker.id, { signal: this.#aborting.signal });
    const known = new Set(statuses.map((status) => status.name));
    for (const report of lastReports()) {
      if (known.has(report.name) || queue.has(report.name) || report.status === 'disabled') continue;
      const again: Report = { kind: 'status', mirror: report.name, status: report };
      for (const dropped of queue.push(nextSeq(), again)) onSettled(dropped);
    }
    this.#schedule.repeat();
  }

  async #deliver(taken: QueuedReport): Promise<void> {
    const { queue, address, logger, onSettled } = this.#options;
    const { report } = taken;
    const epoch = this.#epoch;
    this.#inFlight += 1;
    try {
      await this.#post(report);
    } catch (error) {
      switch (failureKind(error)) {
        case 'refused':
          // an older manager keeps no history
          if (report.kind === 'run' && isNotOffered(error)) {
            this.#runsNotOffered = this.#options.clock.now() + runsNotOfferedMs;
            break;
          }
          logger.warn(
            `the ${nameOf(report)} of ${report.mirror} is dropped, the manager refuses it: ${messageOf(error)}`,
            { mirror: report.mirror, manager: address },
          );
          break;
        case 'rejected':
          this.#parking.park(taken);
          this.#failed(error);
          return;
        case 'unknown-worker':
          queue.putBack(taken);
          this.#lost(epoch, error);
          return;
        case 'absent':
          queue.putBack(taken);
          this.#failed(error);
          return;
      }
    } finally {
      this.#inFlight -= 1;
    }
    queue.done(taken);
    this.#parking.forget(report.mirror);
    onSettled(taken);
    this.#succeeded();
  }

  async #post(report: Report): Promise<void> {
    const { api, worker, clock } = this.#options;
    const call = { signal: this.#aborting.signal };
    if (report.kind === 'status') await api.reportStatus(worker.id, report.status, call);
    else if (clock.now() >= this.#runsNotOffered) await api.reportRun(worker.id, report.run, call);
  }

  async #postSchedule(current: () => MirrorSchedule[]): Promise<void> {
    const { api, worker, address, logger } = this.#options;
    const epoch = this.#epoch;
    const call = { signal: this.#aborting.signal, timeoutMs: scheduleTimeoutMs };
    try {
      await api.reportSchedules(worker.id, { schedules: current() }, call);
      this.#succeeded();
    } catch (error) {
      const kind = failureKind(error);
      if (kind === 'refused') {
        logger.warn(`the manager refuses the schedule: ${messageOf(error)}`, { manager: address });
        this.#succeeded();
      } else {
        this.#schedule.repeat();
        if (kind === 'unknown-worker') this.#lost(epoch, error);
        else this.#failed(error);
      }
    } finally {
      this.#schedule.posted();
    }
  }

  /** Whether the manager still knows the worker: a schedule post without entries changes nothing there. */
  async #checkIn(): Promise<void> {
    const { api, worker } = this.#options;
    const epoch = this.#epoch;
    try {
      await api.reportSchedules(worker.id, { schedules: [] }, { signal: this.#aborting.signal });
      this.#succeeded();
    } catch (error) {
      const kind = failureKind(error);
      if (kind === 'unknown-worker') this.#lost(epoch, error);
      else if (kind === 'refused') this.#succeeded();
      else this.#failed(error);
    }
  }

  #armQuietCheck(ms: number): void {
    const { clock, quietMs } = this.#options;
    this.#quiet = clock.after(
      ms,
      () => {
        if (this.#state !== 'open') return;
        const rest = this.#lastContact + quietMs - clock.now();
        this.#armQuietCheck(rest > 0 ? Math.min(rest, quietMs) : quietMs);
        const busy = this.#inFlight > 0 || this.#schedule.posting || this.#pause !== undefined;
        if (rest <= 0 && !busy && this.#registration === 'done') this.#run(this.#checkIn());
      },
      { unref: true },
    );
  }

  #succeeded(): void {
    const { address, logger, clock } = this.#options;
    this.#lastContact = clock.now();
    this.#trusted = true;
    if (this.#failures >= outage) {
      logger.notice(`manager ${address} takes reports again`);
      this.#parking.clear();
    }
    this.#failures = 0;
  }

  /** The manager says that it does not know this worker. */
  #lost(epoch: number, error: unknown): void {
    if (epoch !== this.#epoch || this.#registration !== 'done') return;
    this.#registration = 'none';
    this.#forgotten = true;
    if (this.#trusted) {
      this.#options.logger.warn(
        `manager ${this.#options.address} does not know this worker any more: registering again`,
      );
    }
    // a manager that takes registrations and nothing else is not asked in a tight loop
    else this.#failed(error);
    this.#trusted = false;
  }

  #failed(error: unknown): void {
    const { clock, logger, queue, random, address } = this.#options;
    if (this.#state === 'stopped') return;
    if (this.#state === 'finishing') {
      // one report that the manager cannot take does not hold up the others
      if (failureKind(error) !== 'rejected' || this.#registration !== 'done') this.#state = 'given-up';
      return;
    }
    // requests that were under way together fail together
    if (this.#pause !== undefined) return;
    this.#failures += 1;
    const message = `${messageOf(error)}; trying again, ${reports(queue.size)} waiting`;
    if (this.#failures === 1) logger.warn(message, { manager: address });
    else logger.info(message, { manager: address });
    this.#pause = clock.after(
      backoffMs(this.#failures, { random }),
      () => {
        this.#pause = undefined;
        this.#pump();
      },
      { unref: true },
    );
  }

  #endPause(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
  }
}

/** A report's name in messages. */
function nameOf(report: Report): string {
  return report.kind === 'run' ? 'run record' : `${report.status.status} report`;
}
