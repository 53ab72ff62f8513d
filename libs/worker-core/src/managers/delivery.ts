import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock, type MirrorSchedule, type MirrorStatus } from '@tunasync/protocol';
import { Deferred } from '@tunasync/util';
import { statusReport, type QueuedReport, type Report } from '../interfaces/report.js';
import { isNotOffered } from './classify-failure.js';
import type { ManagerApi } from './manager-api.js';
import type { ManagerSession, Outcome, SessionClient } from './manager-session.js';
import { MirrorBackoff } from './mirror-backoff.js';
import type { OutboxQueue } from './outbox-queue.js';
import type { ScheduleReporter } from './schedule-reporter.js';
import { TaskSet } from './task-set.js';

/** Parts of {@link Delivery}. */
export interface DeliveryParts {
  address: string;
  api: ManagerApi;
  workerId: string;
  session: ManagerSession;
  queue: OutboxQueue;
  schedule: ScheduleReporter;
  logger: Logger;
  clock: Clock;
  random: () => number;
  /** Reports of different mirrors that are sent at the same time. */
  connections: number;
  /** The statuses of all mirrors now, for a manager that has lost them. */
  statuses: () => readonly MirrorStatus[];
  /** A report is delivered, or given up. */
  onSettled: (report: QueuedReport) => void;
}

/** Time in milliseconds for which a manager that takes no run records is sent none; it never gets those of that time. */
const runsNotOfferedMs = 600_000;

/**
 * Delivers the reports of a queue to one manager: those of a mirror in order, those of different mirrors side by side;
 * and between them the schedule.
 */
export class Delivery implements SessionClient {
  readonly #parts: DeliveryParts;
  readonly #backoff: MirrorBackoff;
  readonly #tasks = new TaskSet();
  /** Exists once the delivery is to finish. */
  #finished: Deferred | undefined;
  /** Until when run records are not sent, as the manager has no such route. */
  #runsNotOffered = 0;
  #inFlight = 0;

  constructor(parts: DeliveryParts) {
    const { clock, queue, random } = parts;
    this.#parts = parts;
    this.#backoff = new MirrorBackoff({ clock, queue, random, wake: this.#pump });
  }

  /** Adds a report. */
  offer(report: QueuedReport): void {
    this.#push(report);
    this.#pump();
  }

  /** The schedule is posted once the reports that are in the queue now are delivered. */
  scheduleChanged(current: () => MirrorSchedule[]): void {
    this.#parts.schedule.set(current);
    this.#pump();
  }

  registered(): void {
    // it may be a newer manager now
    this.#runsNotOffered = 0;
  }

  /** Sends the status of each mirror that the manager does not have. */
  forgot(known: ReadonlySet<string>): void {
    const { queue, statuses } = this.#parts;
    for (const status of statuses()) {
      if (known.has(status.name) || queue.has(status.name) || status.status === 'disabled') continue;
      this.#push({ seq: undefined, report: statusReport(status) });
    }
  }

  recovered(): void {
    this.#backoff.clear();
  }

  changed(): void {
    this.#pump();
  }

  /** Delivers what it can without waiting for a manager that does not answer; resolves when that is done. */
  finish(): Promise<void> {
    const { session, queue } = this.#parts;
    if (this.#finished === undefined) {
      this.#finished = new Deferred();
      this.#backoff.clear();
      if (queue.size > 0) session.finish();
      this.#pump();
    }
    return this.#finished.promise;
  }

  /** Leaves no timer; resolves when no report is in flight. The session is to be closed at the same time. */
  async close(): Promise<void> {
    this.#backoff.clear();
    this.#parts.schedule.close();
    await this.#tasks.settled();
    this.#backoff.clear();
  }

  readonly #pump = (): void => {
    const { session, queue, schedule } = this.#parts;
    const finishing = this.#finished !== undefined;
    if (session.state === 'online' && !schedule.posting) this.#send(finishing);
    const idle = this.#inFlight === 0 && !schedule.posting;
    const registering = session.state === 'registering' && queue.size > 0;
    if (idle && !registering) this.#finished?.resolve();
  };

  /** Reports, as many as may be in flight; the schedule alone, between those before and those after it. */
  #send(finishing: boolean): void {
    const { session, schedule, connections } = this.#parts;
    if (!finishing && schedule.isDue(this.#pump)) {
      if (this.#inFlight === 0) void this.#tasks.add(schedule.post().then(this.#pump));
      return;
    }
    const limit = session.troubled ? 1 : connections;
    for (let next = this.#next(limit); next !== undefined; next = this.#next(limit)) {
      void this.#tasks.add(this.#deliver(next).then(this.#pump));
    }
  }

  #next(limit: number): QueuedReport | undefined {
    return this.#inFlight < limit ? this.#parts.queue.take() : undefined;
  }

  async #deliver(taken: QueuedReport): Promise<void> {
    const { queue, onSettled } = this.#parts;
    this.#inFlight += 1;
    const outcome = await this.#post(taken.report);
    this.#inFlight -= 1;
    switch (outcome.kind) {
      case 'rejected':
        this.#backoff.park(taken);
        return;
      case 'unknown-worker':
      case 'absent':
        queue.putBack(taken);
        return;
      case 'refused':
        this.#refused(taken.report, outcome.error);
        break;
      case 'taken':
        break;
    }
    queue.done(taken);
    this.#backoff.forget(taken.report.mirror);
    onSettled(taken);
  }

  async #post(report: Report): Promise<Outcome> {
    const { api, session, workerId, clock } = this.#parts;
    if (report.kind === 'status') {
      return session.request((signal) => api.reportStatus(workerId, report.status, { signal }));
    }
    if (clock.now() < this.#runsNotOffered) return { kind: 'taken' };
    return session.request((signal) => api.reportRun(workerId, report.run, { signal }));
  }

  #refused(report: Report, error: unknown): void {
    const { address, clock, logger } = this.#parts;
    if (report.kind === 'run' && isNotOffered(error)) {
      // an older manager keeps no history
      this.#runsNotOffered = clock.now() + runsNotOfferedMs;
      return;
    }
    const name = report.kind === 'run' ? 'run record' : `${report.status.status} report`;
    logger.warn(`the ${name} of ${report.mirror} is dropped, the manager refuses it: ${messageOf(error)}`, {
      mirror: report.mirror,
      manager: address,
    });
  }

  #push(report: QueuedReport): void {
    const { queue, onSettled } = this.#parts;
    for (const dropped of queue.push(report)) onSettled(dropped);
  }
}
