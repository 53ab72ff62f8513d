import {
  jobStates,
  publicUpstream,
  type ApiJob,
  type ApiWorker,
  type Clock,
  type JobStateCounts,
} from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';
import type { KnownHeartbeat, HeartbeatRegistry } from '../workers/heartbeat-registry.js';
import type { ProgressBoard } from '../workers/progress-board.js';
import type { WorkerService } from '../workers/worker-service.js';
import type { JobIndex, WorkerJobs } from './job-index.js';
import { Snapshot, lostAfterMs, noStates } from './snapshot.js';

/** What {@link JobViews} needs. */
export interface JobViewsOptions {
  index: JobIndex;
  workers: WorkerService;
  heartbeats: HeartbeatRegistry;
  progress: ProgressBoard;
  clock: Pick<Clock, 'now'>;
}

/** Jobs and workers as pages show them: what the store has, and what is in memory only. */
export class JobViews {
  readonly #options: JobViewsOptions;
  readonly #states = new WeakMap<WorkerJobs, KnownStates>();

  constructor(options: JobViewsOptions) {
    this.#options = options;
  }

  /** The jobs as they are now. */
  snapshot(): Snapshot {
    const { heartbeats, progress, clock } = this.#options;
    return new Snapshot(clock.now(), heartbeats, progress);
  }

  /** @throws ManagerError `MIRROR_NOT_FOUND`, `WORKER_UNKNOWN` */
  job(worker: string, name: string): ApiJob {
    const { index, workers } = this.#options;
    workers.get(worker);
    const entry = index.get(worker, name);
    if (entry === undefined) {
      throw new ManagerError('MIRROR_NOT_FOUND', `worker '${worker}' has no mirror '${name}'`);
    }
    return this.snapshot().jobOf(entry);
  }

  /** How many of all jobs there are in each state; those of a worker are counted again only when that may be different. */
  states(): JobStateCounts {
    const { index, heartbeats } = this.#options;
    const snapshot = this.snapshot();
    const sum = noStates();
    for (const jobs of index.workers()) {
      const told = heartbeats.get(jobs.worker);
      let known = this.#states.get(jobs);
      if (known?.version !== jobs.version || known.told !== told || snapshot.now >= known.until) {
        known = { version: jobs.version, told, ...countedUntil(jobs, snapshot, told) };
        this.#states.set(jobs, known);
      }
      for (const state of jobStates) sum[state] += known.counts[state];
    }
    return sum;
  }

  /** Names of the mirrors of which a worker said last that they wait. */
  waiting(worker: string): string[] {
    return Object.keys(this.#options.heartbeats.get(worker)?.heartbeat.waits ?? {});
  }

  workers(): ApiWorker[] {
    const { index, workers, heartbeats } = this.#options;
    const snapshot = this.snapshot();
    return workers.list().map(({ id, url, last_online, last_register }) => {
      const told = heartbeats.get(id)?.heartbeat;
      return {
        id,
        url: publicUpstream(url),
        state: snapshot.workerState(id),
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
        counts: index.countsOf(id),
      };
    });
  }
}

interface KnownStates {
  readonly version: number;
  readonly told: KnownHeartbeat | undefined;
  readonly counts: JobStateCounts;
  /** When that is different without any news. */
  readonly until: number;
}

function countedUntil(
  { entries }: WorkerJobs,
  snapshot: Snapshot,
  told: KnownHeartbeat | undefined,
): Pick<KnownStates, 'counts' | 'until'> {
  const { now } = snapshot;
  const counts = noStates();
  const lostAt = told === undefined ? 0 : told.received + lostAfterMs;
  let until = lostAt > now ? lostAt : Number.POSITIVE_INFINITY;
  for (const entry of entries.values()) {
    counts[snapshot.stateOf(entry)] += 1;
    const { staleAt } = entry.read;
    if (staleAt > now && staleAt < until) until = staleAt;
  }
  return { counts, until };
}
