import { isZeroTime, toUnixMillis, type Clock, type Heartbeat } from '@tunasync/protocol';

/** What a worker told of itself last. */
export interface KnownFacts {
  readonly facts: Readonly<Heartbeat>;
  /** When it arrived; milliseconds since the Unix epoch, as all times here. */
  readonly received: number;
}

/** Heartbeats that the clocks of a worker and the manager are compared by: one that was held up says too little. */
const samples = 4;

/** What workers tell of themselves in heartbeats; in memory only. */
export class WorkerFacts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #workers = new Map<string, KnownFacts & { skews: readonly number[] }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** A heartbeat came. */
  set(worker: string, facts: Heartbeat): void {
    const received = this.#clock.now();
    const skews = this.#workers.get(worker)?.skews ?? [];
    const told = isZeroTime(facts.time) ? [] : [toUnixMillis(facts.time) - received];
    this.#workers.set(worker, { facts, received, skews: [...skews, ...told].slice(-samples) });
  }

  /** Undefined for a worker that has not sent any since the manager started. */
  get(worker: string): KnownFacts | undefined {
    return this.#workers.get(worker);
  }

  /**
   * Milliseconds by which the worker's clock is ahead of the manager's; undefined when it never told the time. A
   * heartbeat takes its time to arrive, and so shows a clock as too slow: the fastest one counts.
   */
  skew(worker: string): number | undefined {
    const skews = this.#workers.get(worker)?.skews ?? [];
    return skews.length === 0 ? undefined : Math.max(...skews);
  }

  delete(worker: string): void {
    this.#workers.delete(worker);
  }
}
