import { toWireTime, type Clock, type ClockTimer } from '@tunasync/protocol';
import type { WorkerFacts } from '../interfaces/worker-facts.js';
import type { ManagerApi } from './manager-api.js';
import type { ManagerSession, SessionClient } from './manager-session.js';
import type { OptionalRoute } from './optional-route.js';
import { TaskSet } from './task-set.js';

/** Longest time between heartbeats, milliseconds. Source: docs/http-api.md, "Heartbeat". */
const periodMs = 30_000;
/** Milliseconds for which changes of the worker's facts are gathered before a heartbeat reports them. */
const factsGapMs = 5000;

/** Parts of {@link HeartbeatSender}. */
export interface HeartbeatSenderParts {
  api: ManagerApi;
  workerId: string;
  session: ManagerSession;
  route: OptionalRoute;
  clock: Clock;
  /** Reports that are still to be delivered. */
  outbox: () => number;
  /** Facts of the worker. @defaultValue no heartbeats */
  facts?: (() => Promise<WorkerFacts>) | undefined;
}

/** Sends heartbeats to one manager. */
export class HeartbeatSender implements SessionClient {
  readonly #parts: HeartbeatSenderParts;
  readonly #tasks = new TaskSet();
  #timer: ClockTimer | undefined;
  #factsTimer: ClockTimer | undefined;
  #closed = false;

  constructor(parts: HeartbeatSenderParts) {
    this.#parts = parts;
  }

  /** The first heartbeat follows the registration at once. */
  registered(): void {
    this.#parts.route.reset();
    this.#timer?.cancel();
    this.#factsTimer?.cancel();
    this.#factsTimer = undefined;
    this.#beat();
  }

  /** The next heartbeat comes soon: readers should not wait half a minute to learn why a job does not run. */
  factsChanged(): void {
    if (this.#closed) return;
    this.#factsTimer ??= this.#parts.clock.after(
      factsGapMs,
      () => {
        this.#factsTimer = undefined;
        // before the first heartbeat, the registration brings one
        if (this.#timer === undefined) return;
        this.#timer.cancel();
        this.#beat();
      },
      { unref: true },
    );
  }

  /** Leaves no timer; resolves when no heartbeat is in flight. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#factsTimer?.cancel();
    await this.#tasks.settled();
  }

  #beat(): void {
    if (this.#closed || this.#parts.facts === undefined) return;
    void this.#tasks.add(this.#send(this.#parts.facts));
    this.#timer = this.#parts.clock.after(
      periodMs,
      () => {
        this.#beat();
      },
      { unref: true },
    );
  }

  /** A manager that cannot take reports now still learns that the worker is alive. */
  async #send(facts: () => Promise<WorkerFacts>): Promise<void> {
    const { api, workerId, session, route, clock, outbox } = this.#parts;
    if (!session.registered || !route.offered) return;
    await route.post(async (signal) => {
      const current = await facts();
      const time = toWireTime(clock.now());
      await api.heartbeat(workerId, { ...current, time, outbox: outbox() }, { signal });
    });
  }
}
