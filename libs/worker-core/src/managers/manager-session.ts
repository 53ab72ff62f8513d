import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock, type ClockTimer, type WorkerStatus } from '@tunasync/protocol';
import { backoffMs, Deferred } from '@tunasync/util';
import { failureKind, type FailureKind } from './classify-failure.js';
import type { ManagerApi } from './manager-api.js';
import { TaskSet } from './task-set.js';

/** Options of {@link ManagerSession}. */
export interface ManagerSessionOptions {
  /** The manager's URL without userinfo, for messages. */
  address: string;
  api: ManagerApi;
  worker: WorkerStatus;
  logger: Logger;
  clock: Clock;
  random: () => number;
  /** After this many milliseconds without a request the manager is asked whether it still knows the worker. */
  quietMs: number;
  /** What waits for the manager, for messages: `3 reports`. */
  waiting: () => string;
}

/** A part of the worker that sends requests within a session. All methods are optional news of the session. */
export interface SessionClient {
  /** The manager has taken a registration; it may be another program than before. */
  registered?(): void;
  /** The manager had forgotten the worker. It has these mirrors again, or still. */
  forgot?(knownMirrors: ReadonlySet<string>): void;
  /** After an outage the manager takes requests again. */
  recovered?(): void;
  /** Something changed that decides whether requests may be sent. */
  changed?(): void;
}

/** How a request ended: taken by the manager, or failed. */
export type Outcome =
  | { readonly kind: 'taken'; readonly error?: undefined }
  | { readonly kind: FailureKind; readonly error: unknown };

/**
 * States of a {@link ManagerSession}.
 *
 * - `new`: not started
 * - `registering`: the registration is being sent
 * - `offline`: not registered, backing off
 * - `online`: registered; requests may be sent
 * - `resting`: registered, backing off after a failed request
 * - `closed`
 */
export type SessionState = 'new' | 'registering' | 'offline' | 'online' | 'resting' | 'closed';

/** After this number of failures in a row the manager was at fault, not one report. */
const outage = 3;

/**
 * The session of a worker with one manager. It owns the registration, the epoch, outages and the back-off; all
 * requests to the manager are made through {@link request}, by its clients: delivery, heartbeat, progress, schedule.
 *
 * | state         | event                                                | next state                                     |
 * | ------------- | ---------------------------------------------------- | ---------------------------------------------- |
 * | `new`         | start                                                | `registering`                                  |
 * | `registering` | the manager takes the registration                   | `online`, a new epoch                          |
 * | `registering` | the registration fails                               | `offline`                                      |
 * | `offline`     | the back-off is over                                 | `registering`                                  |
 * | `online`      | a request fails: no answer, or a passing refusal     | `resting`                                      |
 * | `online`      | the manager does not know the worker (any more)      | `registering`                                  |
 * | `online`      | the same, with nothing taken since the registration  | `offline`                                      |
 * | `resting`     | the back-off is over                                 | `online`                                       |
 * | `resting`     | the manager does not know the worker                 | `offline`, the back-off continues              |
 * | any           | close                                                | `closed`                                       |
 *
 * An answer to a request of an earlier epoch says nothing about the registration. A request that is refused
 * permanently is an answer like any other.
 *
 * During the *last effort* at the end of the worker nothing backs off: a waiting session tries at once, and a failure
 * closes it, except for a passing refusal of one request.
 */
export class ManagerSession {
  readonly #options: ManagerSessionOptions;
  readonly #aborting = new AbortController();
  readonly #tasks = new TaskSet();
  readonly #clients: SessionClient[] = [];
  readonly #firstRegistration = new Deferred();
  #state: SessionState = 'new';
  #lastEffort = false;
  /** Counts registrations. */
  #epoch = 0;
  /** Whether the manager has taken anything since the last registration. */
  #trusted = true;
  /** Whether the manager may have lost earlier reports. */
  #forgot = false;
  /** In a row. */
  #failures = 0;
  #inFlight = 0;
  #lastContact = 0;
  #backoff: ClockTimer | undefined;
  #quiet: ClockTimer | undefined;

  constructor(options: ManagerSessionOptions) {
    this.#options = options;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Whether the manager knows the worker, as far as is known. */
  get registered(): boolean {
    return this.#state === 'online' || this.#state === 'resting';
  }

  /** Whether the last request failed. */
  get troubled(): boolean {
    return this.#failures > 0;
  }

  /** Whether requests are sent for the last time. */
  get isLastEffort(): boolean {
    return this.#lastEffort;
  }

  /** Resolves with the first registration that the manager takes. */
  get firstRegistration(): Promise<void> {
    return this.#firstRegistration.promise;
  }

  /** Adds a client; its methods are called in the order in which the clients joined. */
  join(client: SessionClient): void {
    this.#clients.push(client);
  }

  /** Begins to register. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#lastContact = this.#options.clock.now();
    this.#armQuietCheck(this.#options.quietMs);
    this.#register();
  }

  /** Makes the last effort; see the class. */
  finish(): void {
    if (this.#state === 'new') return;
    this.#lastEffort = true;
    this.#endBackoff();
  }

  /** Aborts all requests; resolves when no request and no timer is left. */
  async close(): Promise<void> {
    this.#close();
    this.#quiet?.cancel();
    this.#aborting.abort();
    await this.#tasks.settled();
    this.#options.api.close();
  }

  /**
   * Sends a request, and draws conclusions for the session from its result. Never rejects.
   *
   * @param options - `momentary`: its failure is no outage, and its success does not end one; for news that a later
   * request replaces
   */
  async request(
    send: (signal: AbortSignal) => Promise<unknown>,
    options: { momentary?: boolean } = {},
  ): Promise<Outcome> {
    const epoch = this.#epoch;
    const { momentary = false } = options;
    this.#inFlight += momentary ? 0 : 1;
    const outcome = await this.#tasks.add(outcomeOf(() => send(this.#aborting.signal)));
    this.#inFlight -= momentary ? 0 : 1;
    if (this.#state === 'closed') return outcome;
    if (outcome.kind === 'unknown-worker') this.#lost(epoch, outcome.error);
    else if (outcome.kind === 'taken' || outcome.kind === 'refused') this.#answered(momentary);
    else if (!momentary) this.#failed(outcome);
    return outcome;
  }

  #enter(state: SessionState): void {
    this.#state = state;
    this.#news((client) => client.changed?.());
  }

  #news(tell: (client: SessionClient) => void): void {
    for (const client of this.#clients) tell(client);
  }

  #register(): void {
    this.#enter('registering');
    void this.#tasks.add(this.#sendRegistration());
  }

  async #sendRegistration(): Promise<void> {
    const { api, worker, address, clock, logger } = this.#options;
    const call = { signal: this.#aborting.signal };
    const forgot = this.#forgot;
    let known: ReadonlySet<string> = new Set();
    try {
      await api.registerWorker(worker, call);
      if (forgot) {
        const statuses = await api.listWorkerJobs(worker.id, call);
        known = new Set(statuses.map(({ name }) => name));
      }
    } catch (error) {
      if (this.#state === 'closed') return;
      this.#state = 'offline';
      this.#failed({ kind: failureKind(error), error });
      return;
    }
    if (this.#state !== 'registering') return;
    this.#forgot = false;
    this.#epoch += 1;
    this.#lastContact = clock.now();
    logger.notice(`registered with manager ${address}`);
    this.#firstRegistration.resolve();
    this.#state = 'online';
    if (forgot) this.#news((client) => client.forgot?.(known));
    this.#news((client) => client.registered?.());
    this.#enter(this.#state);
  }

  #answered(momentary: boolean): void {
    const { address, clock, logger } = this.#options;
    this.#lastContact = clock.now();
    if (momentary) return;
    this.#trusted = true;
    const recovered = this.#failures >= outage;
    this.#failures = 0;
    if (!recovered) return;
    logger.notice(`manager ${address} takes reports again`);
    this.#news((client) => client.recovered?.());
  }

  /** The manager says that it does not know this worker. */
  #lost(epoch: number, error: unknown): void {
    if (epoch !== this.#epoch || !this.registered) return;
    const { address, logger } = this.#options;
    this.#forgot = true;
    const trusted = this.#trusted;
    this.#trusted = false;
    if (trusted) {
      logger.warn(`manager ${address} does not know this worker any more: registering again`);
    } else {
      // a manager that takes registrations and nothing else is not asked in a tight loop
      this.#state = 'offline';
      this.#failed({ kind: 'unknown-worker', error });
      return;
    }
    if (this.#backoff === undefined) this.#register();
    else this.#enter('offline');
  }

  #failed({ kind, error }: Outcome): void {
    const { address, clock, logger, random, waiting } = this.#options;
    if (this.#lastEffort) {
      // one report that the manager cannot take does not hold up the others
      if (kind === 'rejected' && this.registered) return;
      this.#close();
      return;
    }
    // requests that were in flight together fail together
    if (this.#backoff !== undefined) return;
    this.#failures += 1;
    const message = `${messageOf(error)}; trying again, ${waiting()} waiting`;
    if (this.#failures === 1) logger.warn(message, { manager: address });
    else logger.info(message, { manager: address });
    this.#backoff = clock.after(
      backoffMs(this.#failures, { random }),
      () => {
        this.#endBackoff();
      },
      { unref: true },
    );
    this.#enter(this.registered ? 'resting' : 'offline');
  }

  #endBackoff(): void {
    this.#backoff?.cancel();
    this.#backoff = undefined;
    if (this.#state === 'offline') this.#register();
    else if (this.#state === 'resting') this.#enter('online');
  }

  #close(): void {
    this.#backoff?.cancel();
    this.#backoff = undefined;
    this.#enter('closed');
  }

  #armQuietCheck(ms: number): void {
    const { clock, quietMs } = this.#options;
    this.#quiet = clock.after(
      ms,
      () => {
        if (this.#lastEffort || this.#state === 'closed') return;
        const rest = this.#lastContact + quietMs - clock.now();
        this.#armQuietCheck(rest > 0 ? Math.min(rest, quietMs) : quietMs);
        if (rest <= 0 && this.#inFlight === 0 && this.#state === 'online') void this.#checkIn();
      },
      { unref: true },
    );
  }

  /** Asks whether the manager still knows the worker: a schedule without entries changes nothing there. */
  #checkIn(): Promise<Outcome> {
    const { api, worker } = this.#options;
    return this.request((signal) => api.reportSchedules(worker.id, { schedules: [] }, { signal }));
  }
}

async function outcomeOf(send: () => Promise<unknown>): Promise<Outcome> {
  try {
    await send();
    return { kind: 'taken' };
  } catch (error) {
    return { kind: failureKind(error), error };
  }
}
