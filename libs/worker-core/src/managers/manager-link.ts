import type { Logger } from '@tunasync/logger';
import type { Clock, MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import type { QueuedReport } from '../interfaces/report.js';
import type { WorkerFacts } from '../interfaces/worker-facts.js';
import { Delivery } from './delivery.js';
import { HeartbeatSender } from './heartbeat.js';
import { publicAddress } from './manager-address.js';
import type { ManagerApi } from './manager-api.js';
import { ManagerSession } from './manager-session.js';
import { OptionalRoute } from './optional-route.js';
import { countReports, OutboxQueue } from './outbox-queue.js';
import { ProgressReporter } from './progress-reporter.js';
import { ScheduleReporter } from './schedule-reporter.js';

/** Options of {@link ManagerLink}. */
export interface ManagerLinkParts {
  /** The manager's URL; may contain a password. */
  apiBase: string;
  api: ManagerApi;
  worker: WorkerStatus;
  logger: Logger;
  clock: Clock;
  random: () => number;
  /** Reports of different mirrors that are sent at the same time. */
  connections: number;
  /** Reports that are kept before superseded intermediate ones are dropped. */
  outboxMax: number;
  /** Shortest time between two schedule posts, milliseconds. */
  scheduleGapMs: number;
  /** After this many milliseconds without a request the manager is asked whether it still knows the worker. */
  quietMs: number;
  /** The statuses of all mirrors now. */
  statuses: () => readonly MirrorStatus[];
  /** Facts for heartbeats. @defaultValue no heartbeats */
  facts: (() => Promise<WorkerFacts>) | undefined;
  /** Reports that an earlier process left. */
  left: readonly QueuedReport[];
  /** A report is delivered, or given up. */
  onSettled: (report: QueuedReport) => void;
}

/** One manager: the session with it, and the clients of that session. */
export class ManagerLink {
  readonly address: string;
  readonly api: ManagerApi;
  readonly queue: OutboxQueue;
  readonly session: ManagerSession;
  readonly delivery: Delivery;
  readonly heartbeat: HeartbeatSender;
  readonly progress: ProgressReporter;

  constructor(parts: ManagerLinkParts) {
    const { api, worker, logger, left, onSettled } = parts;
    const address = publicAddress(parts.apiBase);
    const queue = new OutboxQueue(parts.outboxMax);
    const waiting = (): string => countReports(queue.size);
    const session = new ManagerSession({ ...parts, address, waiting });
    const shared = { ...parts, address, workerId: worker.id, session, queue };
    const schedule = new ScheduleReporter({ ...shared, gapMs: parts.scheduleGapMs });
    this.address = address;
    this.api = api;
    this.queue = queue;
    this.session = session;
    this.delivery = new Delivery({ ...shared, schedule });
    this.heartbeat = new HeartbeatSender({
      ...shared,
      route: new OptionalRoute('heartbeat', shared),
      outbox: () => queue.size,
    });
    this.progress = new ProgressReporter({ ...shared, route: new OptionalRoute('progress', shared) });
    for (const client of [schedule, this.heartbeat, this.progress, this.delivery]) session.join(client);
    for (const report of left) {
      for (const dropped of queue.push(report)) onSettled(dropped);
    }
    if (queue.size > 0) logger.notice(`${waiting()} left to deliver to manager ${address}`);
  }

  start(): void {
    this.session.start();
  }

  /** Adds a report. */
  offer(queued: QueuedReport): void {
    if (queued.report.kind === 'run') this.progress.forget(queued.report.mirror);
    this.delivery.offer(queued);
  }

  /** Gives up what is in flight; resolves when no request and no timer is left. */
  async close(): Promise<void> {
    const clients = [this.heartbeat.close(), this.progress.close(), this.delivery.close()];
    await this.session.close();
    await Promise.all(clients);
  }
}
