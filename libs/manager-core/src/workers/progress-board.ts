import type { Clock, ProgressEntry } from '@tunasync/protocol';
import type { StatusCache } from '../store/status-cache.js';

/** How far a running sync is, as far as anybody told. */
export interface KnownProgress extends Readonly<ProgressEntry> {
  /** When it arrived; milliseconds since the Unix epoch. */
  readonly received: number;
}

/** Milliseconds without news after which nobody knows any more how far a sync is. */
const forgetAfterMs = 2 * 60_000;

/** How far running syncs are; in memory only, and only for mirrors whose status says that they run. */
export class ProgressBoard {
  readonly #store: Pick<StatusCache, 'status'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #workers = new Map<string, Map<string, KnownProgress>>();

  constructor(store: Pick<StatusCache, 'status'>, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** News of a worker; what it says of mirrors that do not run is dropped. */
  set(worker: string, entries: readonly ProgressEntry[]): void {
    const received = this.#clock.now();
    for (const entry of entries) {
      if (!this.#runs(worker, entry.name)) continue;
      let ofWorker = this.#workers.get(worker);
      if (ofWorker === undefined) this.#workers.set(worker, (ofWorker = new Map<string, KnownProgress>()));
      ofWorker.set(entry.name, { ...entry, received });
    }
  }

  /** Undefined when the sync is over, or nobody told for two minutes. */
  get(worker: string, mirror: string): KnownProgress | undefined {
    const known = this.#workers.get(worker)?.get(mirror);
    return known !== undefined && this.#isFresh(known) ? known : undefined;
  }

  /** Of all mirrors of a worker that is known; in no particular order. */
  ofWorker(worker: string): KnownProgress[] {
    return [...(this.#workers.get(worker)?.values() ?? [])].filter((known) => this.#isFresh(known));
  }

  /** The mirror's status changed: when it does not run any more, how far it is counts no longer. */
  statusChanged(worker: string, mirror: string): void {
    const ofWorker = this.#workers.get(worker);
    if (ofWorker?.has(mirror) !== true || this.#runs(worker, mirror)) return;
    ofWorker.delete(mirror);
    if (ofWorker.size === 0) this.#workers.delete(worker);
  }

  #runs(worker: string, mirror: string): boolean {
    const status = this.#store.status(worker, mirror)?.status;
    return status === 'pre-syncing' || status === 'syncing';
  }

  #isFresh({ received }: KnownProgress): boolean {
    return this.#clock.now() - received < forgetAfterMs;
  }
}
