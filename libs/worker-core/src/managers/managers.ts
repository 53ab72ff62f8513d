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
import type { ManagerConnection } from '../interfaces/reporting.js';
import { type WorkerFacts } from '../interfaces/worker-facts.js';
import type { KeyValue } from '../records/key-value.js';
import { LiveReports } from './live-reports.js';
import { managerKey, publicAddress } from './manager-address.js';
import type { ManagerApi } from './manager-api.js';
import { ManagerChannel } from './manager-session.js';
import { ReportQueue, type Report, reports as reportsText } from './outbox-queue.js';
import { kvJournal, memoryJournal, type OutboxJournal } from './outbox-store.js';

/** Options of {@link createManagerLink}. */
export interface ManagerLinkOptions {
  /** Worker id, and the URL where managers post commands; ends with `/`. */
  worker: { id: string; url: string };
  /** Base URLs of the managers; the first one is asked at start. Empty: reports go nowhere. */
  managers: readonly string[];
  /** The only certificate authority to trust, PEM. @defaultValue those of the system */
  caCert?: string | undefined;
  /** Where undelivered reports survive a restart. @defaultValue memory only */
  kv?: KeyValue | undefined;
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
  /** Makes the client of a manager. @defaultValue a `ManagerClient` */
  connect?: ((apiBase: string) => ManagerApi) | undefined;
}

interface Manager {
  readonly key: string;
  readonly address: string;
  readonly api: ManagerApi;
  readonly queue: ReportQueue;
  readonly channel: ManagerChannel;
  readonly live: LiveReports;
}

/**
 * The way from a worker to all its managers: every report goes to each of them, in order per mirror, and stays
 * until it is acknowledged. A manager that is away holds up nobody else.
 *
 * @throws `CLIENT_OPTIONS_INVALID` for a URL or certificate that is none
 */
export function createManagerLink(options: ManagerLinkOptions): ManagerConnection {
  return new ManagerLink(options);
}

class ManagerLink implements ManagerConnection {
  readonly #workerId: string;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #restoreMs: number;
  readonly #journal: OutboxJournal;
  readonly #managers: readonly Manager[];
  readonly #keys: readonly string[];
  readonly #last = new Map<string, MirrorStatus>();
  /** As it was when {@link restore} asked: by the time that it is looked at they may be delivered. */
  #undelivered: ReadonlySet<string> = new Set();
  #seq = 0;
  /** What came before the reports of an earlier process were loaded; undefined afterwards. */
  #early: (() => void)[] | undefined = [];
  #started: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ManagerLinkOptions) {
    const { kv, logger, clock = systemClock, restoreMs = 5000 } = options;
    this.#workerId = options.worker.id;
    this.#logger = logger;
    this.#clock = clock;
    this.#restoreMs = restoreMs;
    this.#journal = kv === undefined ? memoryJournal : kvJournal(kv, logger, { clock });
    const byKey = new Map(options.managers.map((apiBase) => [managerKey(apiBase), apiBase]));
    this.#managers = [...byKey].map(([key, apiBase]) => this.#manager(key, apiBase, options));
    this.#keys = [...byKey.keys()];
  }

  status(report: MirrorStatus): void {
    if (this.#closed !== undefined || this.#managers.length === 0) return;
    const copy = { ...report };
    this.#last.set(copy.name, copy);
    this.#send({ kind: 'status', mirror: copy.name, status: copy });
  }

  run(record: RunRecord): void {
    if (this.#closed !== undefined || this.#managers.length === 0) return;
    for (const { live } of this.#managers) live.forget(record.name);
    this.#send({ kind: 'run', mirror: record.name, run: { ...record } });
  }

  progress(entry: ProgressEntry): void {
    if (this.#closed !== undefined) return;
    for (const { live } of this.#managers) live.progress(entry);
  }

  factsChanged(): void {
    if (this.#closed !== undefined) return;
    for (const { live } of this.#managers) live.factsChanged();
  }

  kept(): Promise<void> | undefined {
    return this.#journal.settled();
  }

  scheduleChanged(current: () => MirrorSchedule[]): void {
    if (this.#closed !== undefined) return;
    this.#whenLoaded(() => {
      this.#whenKept(() => {
        for (const { channel } of this.#managers) channel.scheduleChanged(current);
      });
    });
  }

  undelivered(): ReadonlySet<string> {
    return this.#undelivered;
  }

  underWay(): ReadonlySet<string> {
    return new Set(this.#managers.flatMap(({ queue }) => queue.mirrorsUnderWay));
  }

  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async restore(): Promise<readonly MirrorStatus[] | undefined> {
    const first = this.#managers[0];
    if (first === undefined) return undefined;
    const timeout = new AbortController();
    const timer = this.#clock.after(this.#restoreMs, () => {
      timeout.abort();
    });
    const { signal } = timeout;
    try {
      await Promise.race([first.channel.registered, aborted(signal)]);
      if (signal.aborted) return undefined;
      const ownNewer = new Set(first.queue.mirrors);
      this.#undelivered = ownNewer;
      const asked = first.api.listWorkerJobs(this.#workerId, { signal });
      const statuses = await Promise.race([asked, aborted(signal)]);
      return statuses?.filter(({ name }) => !ownNewer.has(name));
    } catch (error) {
      if (!signal.aborted) this.#logger.warn(`cannot read the mirrors' statuses: ${messageOf(error)}`);
      return undefined;
    } finally {
      timer.cancel();
      // what is still waited for elsewhere must not keep hold of this call
      timeout.abort();
    }
  }

  close({ waitMs = 5000 }: { waitMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(waitMs);
    return this.#closed;
  }

  #send(report: Report): void {
    this.#whenLoaded(() => {
      const seq = ++this.#seq;
      this.#journal.keep(this.#keys, seq, report);
      this.#whenKept(() => {
        for (const { channel } of this.#managers) channel.offer(seq, report);
      });
    });
  }

  #manager(key: string, apiBase: string, options: ManagerLinkOptions): Manager {
    const { worker, caCert, random = Math.random, outboxMax = 10_000, connections = 4 } = options;
    const { scheduleGapMs = 1000, quietMs = 60_000, connect = plainClient(caCert) } = options;
    const address = publicAddress(apiBase);
    const api = connect(apiBase);
    const queue = new ReportQueue(outboxMax);
    const live = new LiveReports({
      address,
      api,
      workerId: worker.id,
      logger: this.#logger,
      clock: this.#clock,
      facts: options.facts,
      registered: () => channel.knowsWorker,
      ready: () => channel.ready,
      outbox: () => queue.size,
      onContact: () => {
        channel.contacted();
      },
      onUnknown: (error) => {
        channel.unknown(error);
      },
    });
    const channel: ManagerChannel = new ManagerChannel({
      address,
      api,
      worker: { ...worker, token: '', last_online: zeroTime, last_register: zeroTime },
      queue,
      logger: this.#logger,
      clock: this.#clock,
      random,
      connections,
      scheduleGapMs,
      quietMs,
      onSettled: ({ seq }) => {
        this.#journal.forget(key, seq);
      },
      lastReports: () => this.#last.values(),
      nextSeq: () => ++this.#seq,
      onRegistered: () => {
        live.registered();
      },
    });
    return { key, address, api, queue, channel, live };
  }

  async #start(): Promise<void> {
    const kept = await this.#journal.load(this.#keys);
    for (const { key, queue, address } of this.#managers) {
      const reports = kept.get(key) ?? [];
      for (const { seq, report } of reports) {
        this.#seq = Math.max(this.#seq, seq);
        for (const dropped of queue.push(seq, report)) this.#journal.forget(key, dropped.seq);
      }
      if (queue.size > 0)
        this.#logger.notice(`${reportsText(queue.size)} left to deliver to manager ${address}`);
    }
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const action of early) action();
    for (const { channel } of this.#managers) channel.start();
  }

  async #close(waitMs: number): Promise<void> {
    const deadline = new AbortController();
    const timer = this.#clock.after(waitMs, () => {
      deadline.abort();
    });
    await Promise.race([this.#finish(), aborted(deadline.signal)]);
    timer.cancel();
    deadline.abort();
    await Promise.all(this.#managers.map(({ live }) => live.stop()));
    await Promise.all(this.#managers.map(({ channel }) => channel.stop()));
    await this.#journal.close();
    for (const { queue, address } of this.#managers) {
      if (queue.size === 0) continue;
      const fate = this.#journal === memoryJournal ? 'lost' : 'kept for the next start';
      this.#logger.warn(`${reportsText(queue.size)} not delivered to manager ${address}: ${fate}`);
    }
  }

  async #finish(): Promise<void> {
    await this.#started?.catch(() => undefined);
    await this.#journal.settled();
    await Promise.all(this.#managers.map(({ channel }) => channel.finish()));
  }

  #whenLoaded(action: () => void): void {
    if (this.#early === undefined) action();
    else this.#early.push(action);
  }

  /** Runs the action when what was kept before it is on disk, in the order of the calls. */
  #whenKept(action: () => void): void {
    const settled = this.#journal.settled();
    if (settled === undefined) action();
    else void settled.then(action);
  }
}

/** Bare `node:http`: a report costs half the processor time that it does with axios, which is left to the jobs. */
function plainClient(caCert: string | undefined): (baseUrl: string) => ManagerApi {
  return (baseUrl) => new ManagerClient({ baseUrl, caCert, transport: nodeTransport });
}
