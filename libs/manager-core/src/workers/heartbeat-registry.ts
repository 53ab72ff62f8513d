import { isZeroTime, toUnixMillis, type Clock, type Heartbeat } from '@tunasync/protocol';

/** The last heartbeat of a worker. */
export interface KnownHeartbeat {
  readonly heartbeat: Readonly<Heartbeat>;
  /** Time of arrival, milliseconds since the Unix epoch. */
  readonly received: number;
}

/** Number of heartbeats that are compared with the manager's clock: a delayed one shows too small an offset. */
const samples = 4;

/** The last heartbeats of all workers; in memory only. */
export class HeartbeatRegistry {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #workers = new Map<string, KnownHeartbeat & { skews: readonly number[] }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Takes a heartbeat. */
  set(worker: string, heartbeat: Heartbeat): void {
    const received = this.#clock.now();
    const skews = this.#workers.get(worker)?.skews ?? [];
    const told = isZeroTime(heartbeat.time) ? [] : [toUnixMillis(heartbeat.time) - received];
    this.#workers.set(worker, { heartbeat, received, skews: [...skews, ...told].slice(-samples) });
  }

  /** Undefined for a worker that has not sent any since the manager started. */
  get(worker: string): KnownHeartbeat | undefined {
    return this.#workers.get(worker);
  }

  /**
   * Milliseconds by which the worker's clock is ahead of the manager's; undefined if it never reported its time. The
   * delay of a heartbeat makes a clock appear slow, so the largest offset counts.
   */
  skew(worker: string): number | undefined {
    const skews = this.#workers.get(worker)?.skews ?? [];
    return skews.length === 0 ? undefined : Math.max(...skews);
  }

  delete(worker: string): void {
    this.#workers.delete(worker);
  }
}
