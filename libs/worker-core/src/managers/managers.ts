import { ManagerClient, nodeTransport } from '@tunasync/client';
import type { Logger } from '@tunasync/logger';
import {
  messageOf,
  systemClock,
  zeroTime,
  type Clock,
  type MirrorSchedule,
  type MirrorStatus,
  type ProgressEntry,
  type RunRecord,
} from '@tunasync/protocol';
import { aborted } from '@tunasync/util';
import { runReport, statusReport, type QueuedReport } from '../interfaces/report.js';
import type { ManagerConnection, RestoredStatuses } from '../interfaces/reporting.js';
import type { WorkerFacts } from '../interfaces/worker-facts.js';
import type { WorkerState } from '../interfaces/worker-state.js';
import { memoryState } from '../state/memory-state.js';
import { managerKey } from './manager-address.js';
import type { ManagerApi } from './manager-api.js';
import { ManagerLink } from './manager-link.js';
import { countReports } from './outbox-queue.js';

/** Options of {@link createManagerLink}. */
export interface ManagerLinkOptions {
  /** Worker id, and the URL where managers post commands; ends with `/`. */
  worker: { id: string; url: string };
  /** Base URLs of the managers; the first one is asked at start. Empty: reports go nowhere. */
  managers: readonly string[];
  /** The only certificate authority to trust, PEM. @defaultValue those of the system */
  caCert?: string | undefined;
  /** The state that the worker keeps; its outbox holds undelivered reports. @defaultValue in memory */
  state?: WorkerState | undefined;
  logger: Logger;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
  /** Spreads the waits between attempts: a number from 0 up to 1. @defaultValue Math.random */
  random?: (() => number) | undefined;
  /**
   * Reports kept for each absent manager before superseded intermediate ones are dropped; results never are.
   * @defaultValue 10000
   */
  outboxMax?: number | undefined;
  /** Reports of different mirrors under way at the same time, per manager. @defaultValue 4 */
  connections?: number | undefined;
  /** Shortest time between two schedule posts, milliseconds. @defaultValue 1000 */
  scheduleGapMs?: number | undefined;
  /** A manager that was told nothing for so long is asked whether it still knows the worker, milliseconds. @defaultValue 60000 */
  quietMs?: number | undefined;
  /** How long {@link ManagerConnection.restore} waits, milliseconds. @defaultValue 5000 */
  restoreMs?: number | undefined;
  /** What heartbeats say of the worker. @defaultValue there are no heartbeats */
  facts?: (() => Promise<WorkerFacts>) | undefined;
  /** The statuses of all mirrors now, for a manager that has lost them. @defaultValue none */
  statuses?: (() => readonly MirrorStatus[]) | undefined;
  /** Makes the client of a manager. @defaultValue a `ManagerClient` */
  connect?: ((apiBase: string) => ManagerApi) | undefined;
}

/**
 * Connects a worker with all its managers: every report goes to each of them, in order per mirror, and stays until it is
 * acknowledged. A manager that is away holds up no other.
 *
 * @throws `CLIENT_OPTIONS_INVALID` for an invalid URL or certificate
 */
export function createManagerLink(options: ManagerLinkOptions): ManagerConnection {
  return new Managers(options);
}

class Managers implements ManagerConnection {
  readonly #workerId: string;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #restoreMs: number;
  readonly #state: WorkerState;
  readonly #links: readonly ManagerLink[];
  #closed: Promise<void> | undefined;

  constructor(options: ManagerLinkOptions) {
    const { logger, clock = systemClock, restoreMs = 5000, state = memoryState() } = options;
    const { worker, random = Math.random, statuses = () => [], facts, outboxMax = 10_000 } = options;
    const { connections = 4, scheduleGapMs = 1000, quietMs = 60_000, connect } = options;
    this.#workerId = worker.id;
    this.#logger = logger;
    this.#clock = clock;
    this.#restoreMs = restoreMs;
    this.#state = state;
    const byKey = new Map(options.managers.map((apiBase) => [managerKey(apiBase), apiBase]));
    const newApi = connect ?? plainClient(options.caCert);
    const apis = [...byKey].map(([key, apiBase]) => ({ key, apiBase, api: newApi(apiBase) }));
    const kept = state.openOutbox([...byKey.keys()]);
    this.#links = apis.map(
      ({ key, apiBase, api }) =>
        new ManagerLink({
          apiBase,
          api,
          worker: { ...worker, token: '', last_online: zeroTime, last_register: zeroTime },
          logger,
          clock,
          random,
          connections,
          outboxMax,
          scheduleGapMs,
          quietMs,
          statuses,
          facts,
          left: kept.get(key) ?? [],
          onSettled: ({ seq }) => {
            if (seq !== undefined) state.acknowledge(key, seq);
          },
        }),
    );
  }

  status(report: MirrorStatus, seq: number | undefined): void {
    this.#offer({ seq, report: statusReport(report) });
  }

  run(record: RunRecord, seq: number | undefined): void {
    this.#offer({ seq, report: runReport(record) });
  }

  progress(entry: ProgressEntry): void {
    if (this.#closed !== undefined) return;
    for (const link of this.#links) link.progress.set(entry);
  }

  factsChanged(): void {
    for (const link of this.#links) link.heartbeat.factsChanged();
  }

  scheduleChanged(current: () => MirrorSchedule[]): void {
    if (this.#closed !== undefined) return;
    for (const link of this.#links) link.delivery.scheduleChanged(current);
  }

  start(): void {
    if (this.#closed !== undefined) return;
    for (const link of this.#links) link.start();
  }

  async restore(): Promise<RestoredStatuses | undefined> {
    const [first] = this.#links;
    if (first === undefined) return undefined;
    const timeout = new AbortController();
    const timer = this.#clock.after(this.#restoreMs, () => {
      timeout.abort();
    });
    const { signal } = timeout;
    try {
      await Promise.race([first.session.firstRegistration, aborted(signal)]);
      if (signal.aborted) return undefined;
      // by the time of the answer they may be delivered
      const undelivered = new Set(first.queue.mirrors);
      const asked = first.api.listWorkerJobs(this.#workerId, { signal });
      const statuses = await Promise.race([asked, aborted(signal)]);
      return statuses && { statuses: statuses.filter(({ name }) => !undelivered.has(name)), undelivered };
    } catch (error) {
      if (!signal.aborted) this.#logger.warn(`cannot read the mirrors' statuses: ${messageOf(error)}`);
      return undefined;
    } finally {
      timer.cancel();
      // releases what still waits for the signal
      timeout.abort();
    }
  }

  close({ waitMs = 5000 }: { waitMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(waitMs);
    return this.#closed;
  }

  #offer(report: QueuedReport): void {
    if (this.#closed !== undefined) return;
    for (const link of this.#links) link.offer(report);
  }

  async #close(waitMs: number): Promise<void> {
    const deadline = new AbortController();
    const timer = this.#clock.after(waitMs, () => {
      deadline.abort();
    });
    const finished = Promise.all(this.#links.map(({ delivery }) => delivery.finish()));
    await Promise.race([finished, aborted(deadline.signal)]);
    timer.cancel();
    deadline.abort();
    await Promise.all(this.#links.map((link) => link.close()));
    await this.#state.settled();
    for (const { queue, address } of this.#links) {
      if (queue.size === 0) continue;
      const fate = this.#state.durable ? 'kept for the next start' : 'lost';
      this.#logger.warn(`${countReports(queue.size)} not delivered to manager ${address}: ${fate}`);
    }
  }
}

/** Bare `node:http`: a report costs half the processor time that it does with axios, which is left to the jobs. */
function plainClient(caCert: string | undefined): (baseUrl: string) => ManagerApi {
  return (baseUrl) => new ManagerClient({ baseUrl, caCert, transport: nodeTransport });
}
