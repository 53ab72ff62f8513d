import type { Logger } from '@tunasync/logger';
import { messageOf, toWireTime, type Clock, type ClockTimer, type ProgressEntry } from '@tunasync/protocol';
import type { WorkerFacts } from '../interfaces/worker-facts.js';
import { failureKind, isNotOffered } from './classify-failure.js';
import type { ManagerApi } from './manager-api.js';

/** What {@link LiveReports} is made of. */
export interface LiveReportsOptions {
  /** The manager's URL without userinfo, for messages. */
  address: string;
  api: ManagerApi;
  workerId: string;
  logger: Logger;
  clock: Clock;
  /** Whether the manager knows the worker, as far as is known. */
  registered: () => boolean;
  /** Whether it has not just failed to take something. */
  ready: () => boolean;
  /** Reports that are still to be delivered. */
  outbox: () => number;
  /** What to say of the worker. @defaultValue no heartbeats */
  facts?: (() => Promise<WorkerFacts>) | undefined;
  /** The manager answered. */
  onContact: () => void;
  /** The manager says that it does not know this worker. */
  onUnknown: (error: unknown) => void;
}

/** Milliseconds between heartbeats, at most. Source: docs/http-api.md, "Heartbeat". */
const heartbeatMs = 30_000;
/** Milliseconds that changes of the worker's facts are gathered for before a heartbeat tells them. */
const factsGapMs = 5000;
/** Shortest time between two progress posts, milliseconds. */
const progressGapMs = 1000;
/** So long, in milliseconds, a manager that lacks a route is not asked for it again. */
const notOfferedMs = 3_600_000;

/**
 * What a manager is told that is of no interest a moment later: heartbeats and progress. Nothing is kept, nothing is
 * sent twice, and managers that have no such routes are left alone for an hour.
 */
export class LiveReports {
  readonly #options: LiveReportsOptions;
  readonly #aborting = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #progress = new Map<string, ProgressEntry>();
  #heartbeatTimer: ClockTimer | undefined;
  #factsTimer: ClockTimer | undefined;
  #progressTimer: ClockTimer | undefined;
  #progressUnderWay = false;
  /** Until when a kind is not sent, as the manager has no such route. */
  readonly #notOffered = { heartbeat: 0, progress: 0 };

  constructor(options: LiveReportsOptions) {
    this.#options = options;
  }

  /** The manager has taken the registration: it hears the first heartbeat at once, and is asked again for all. */
  registered(): void {
    this.#notOffered.heartbeat = 0;
    this.#notOffered.progress = 0;
    this.#heartbeatTimer?.cancel();
    this.#factsTimer?.cancel();
    this.#factsTimer = undefined;
    this.#beat();
  }

  /** The next heartbeat comes soon: who looks on shall not wait half a minute to learn why a job does not run. */
  factsChanged(): void {
    this.#factsTimer ??= this.#options.clock.after(
      factsGapMs,
      () => {
        this.#factsTimer = undefined;
        // one that is due takes its place; before there was any, the registration brings one
        if (this.#heartbeatTimer === undefined) return;
        this.#heartbeatTimer.cancel();
        this.#beat();
      },
      { unref: true },
    );
  }

  /** Only the latest of a mirror is sent. */
  progress(entry: ProgressEntry): void {
    this.#progress.set(entry.name, entry);
    this.#progressTimer ??= this.#options.clock.after(
      progressGapMs,
      () => {
        this.#run(this.#sendProgress());
      },
      { unref: true },
    );
  }

  /** A run is over: what is not sent yet of its progress must not be shown any more. */
  forget(mirror: string): void {
    this.#progress.delete(mirror);
  }

  /** Resolves when no request and no timer is left. */
  async stop(): Promise<void> {
    this.#aborting.abort();
    this.#heartbeatTimer?.cancel();
    this.#factsTimer?.cancel();
    this.#progressTimer?.cancel();
    this.#progressTimer = undefined;
    await Promise.allSettled(this.#tasks);
  }

  #beat(): void {
    if (this.#aborting.signal.aborted || this.#options.facts === undefined) return;
    this.#run(this.#sendHeartbeat());
    this.#heartbeatTimer = this.#options.clock.after(
      heartbeatMs,
      () => {
        this.#beat();
      },
      { unref: true },
    );
  }

  #run(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  async #sendHeartbeat(): Promise<void> {
    const { api, workerId, clock, facts, outbox } = this.#options;
    // one that cannot take reports now is told that the worker is alive, all the same
    if (facts === undefined || !this.#options.registered() || !this.#mayAsk('heartbeat')) return;
    await this.#send('heartbeat', async (signal) => {
      const told = await facts();
      const time = toWireTime(clock.now());
      await api.heartbeat(workerId, { ...told, time, outbox: outbox() }, { signal });
    });
  }

  async #sendProgress(): Promise<void> {
    this.#progressTimer = undefined;
    const entries = [...this.#progress.values()];
    if (this.#progressUnderWay || entries.length === 0) return;
    this.#progress = new Map();
    if (!this.#options.ready() || !this.#mayAsk('progress')) return;
    this.#progressUnderWay = true;
    const { api, workerId } = this.#options;
    await this.#send('progress', async (signal) => {
      await api.reportProgress(workerId, { progress: entries }, { signal });
    });
    this.#progressUnderWay = false;
    const [next] = this.#progress.values();
    if (next !== undefined) this.progress(next);
  }

  #mayAsk(kind: 'heartbeat' | 'progress'): boolean {
    return this.#options.clock.now() >= this.#notOffered[kind];
  }

  async #send(kind: 'heartbeat' | 'progress', post: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { address, logger, clock, onContact, onUnknown } = this.#options;
    try {
      await post(this.#aborting.signal);
      onContact();
    } catch (error) {
      if (isNotOffered(error)) {
        this.#notOffered[kind] = clock.now() + notOfferedMs;
        onContact();
      } else if (failureKind(error) === 'unknown-worker') onUnknown(error);
      // the next one tells more; that a manager is away is told by the reports
      else logger.debug(`${kind} not taken by manager ${address}: ${messageOf(error)}`);
    }
  }
}
