import {
  publicUpstream,
  type ApiJob,
  type ApiWorker,
  type Clock,
  type JobStateCounts,
} from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import { Glance, lostAfterMs } from './glance.js';
import type { JobTable } from './job-table.js';
import type { ProgressBoard } from './progress-board.js';
import type { WorkerFacts } from './worker-facts.js';
import type { WorkerService } from './worker-service.js';

/** What {@link JobViews} needs. */
export interface JobViewsOptions {
  table: JobTable;
  workers: WorkerService;
  facts: WorkerFacts;
  progress: ProgressBoard;
  clock: Pick<Clock, 'now'>;
}

/** Jobs and workers as pages show them: what the store has, and what is in memory only. */
export class JobViews {
  readonly #options: JobViewsOptions;
  #states: { key: string; until: number; counts: JobStateCounts } | undefined;

  constructor(options: JobViewsOptions) {
    this.#options = options;
  }

  /** The jobs as they are now. */
  glance(): Glance {
    const { facts, progress, clock } = this.#options;
    return new Glance(clock.now(), facts, progress);
  }

  /** @throws ManagerError `MIRROR_NOT_FOUND`, `WORKER_UNKNOWN` */
  job(worker: string, name: string): ApiJob {
    const { table, workers } = this.#options;
    workers.get(worker);
    const entry = table.get(worker, name);
    if (entry === undefined) {
      throw new ManagerError('MIRROR_NOT_FOUND', `worker '${worker}' has no mirror '${name}'`);
    }
    return this.glance().jobOf(entry);
  }

  /** How many of all jobs there are in each state; counted again only when something may be different. */
  states(): JobStateCounts {
    const { table, facts } = this.#options;
    const glance = this.glance();
    const key = `${table.version} ${facts.version}`;
    if (this.#states?.key !== key || glance.now >= this.#states.until) {
      const entries = table.entries();
      this.#states = { key, until: this.#changesAt(glance.now), counts: glance.countStates(entries) };
    }
    return { ...this.#states.counts };
  }

  workers(): ApiWorker[] {
    const { table, workers, facts } = this.#options;
    const glance = this.glance();
    return workers.list().map(({ id, url, last_online, last_register }) => {
      const told = facts.get(id)?.facts;
      return {
        id,
        url: publicUpstream(url),
        state: glance.workerState(id),
        last_online,
        last_register,
        ...(told === undefined
          ? {}
          : {
              version: told.version,
              slots: told.slots,
              running: told.running,
              queued: told.queued,
              outbox: told.outbox,
              filesystems: told.filesystems,
            }),
        counts: table.countsOf(id),
      };
    });
  }

  /** When a job or a worker is something else without any news. */
  #changesAt(now: number): number {
    const { table, workers, facts } = this.#options;
    let first = Number.POSITIVE_INFINITY;
    for (const { read } of table.entries())
      if (read.staleAt > now && read.staleAt < first) first = read.staleAt;
    for (const { id } of workers.list()) {
      const lostAt = (facts.get(id)?.received ?? 0) + lostAfterMs;
      if (lostAt > now && lostAt < first) first = lostAt;
    }
    return first;
  }
}
