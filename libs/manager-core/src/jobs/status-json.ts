import type { Clock, MirrorStatus } from '@tunasync/protocol';
import type { StatusEncoders } from '../reports/encode-status.js';
import type { JobIndex } from './job-index.js';

/** Options of {@link StatusJson}. */
export interface StatusJsonOptions {
  encoders: StatusEncoders;
  /** Says whether a job is stale now. @defaultValue `stale` is shown as it was reported */
  index?: JobIndex | undefined;
  clock: Pick<Clock, 'now'>;
}

/** Statuses as JSON text, as reports and lists of statuses are answered. */
export class StatusJson {
  readonly #options: StatusJsonOptions;

  constructor(options: StatusJsonOptions) {
    this.#options = options;
  }

  one(status: MirrorStatus): string {
    const { encoders, index, clock } = this.#options;
    const entry = index?.get(status.worker, status.name);
    if (entry === undefined) return encoders.status(status);
    return entry.isStale(clock.now()) ? encoders.stale(status) : encoders.fresh(status);
  }

  list(statuses: Iterable<MirrorStatus>): string {
    return `[${Array.from(statuses, (status) => this.one(status)).join(',')}]`;
  }
}
