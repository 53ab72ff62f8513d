import {
  jobStateOf,
  jobStates,
  publicUpstream,
  syncStatuses,
  type ApiJob,
  type ApiWorker,
  type Clock,
  type JobCounts,
  type JobState,
  type JobStateCounts,
  type MirrorStatus,
  type Wait,
  type WorkerState,
} from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import type { ProgressBoard } from './progress-board.js';
import type { StatusCache } from './status-cache.js';
import type { WorkerFacts } from './worker-facts.js';
import type { WorkerService } from './worker-service.js';

/** What {@link JobViews} needs. */
export interface JobViewsOptions {
  store: StatusCache;
  workers: WorkerService;
  facts: WorkerFacts;
  progress: ProgressBoard;
  clock: Pick<Clock, 'now'>;
}

/** Three heartbeats: who has sent none for so long is lost. In milliseconds. */
const lostAfterMs = 90_000;

/** Jobs and workers as pages show them: what the store has, and what is in memory only. */
export class JobViews {
  readonly #options: JobViewsOptions;

  constructor(options: JobViewsOptions) {
    this.#options = options;
  }

  /** @throws ManagerError `MIRROR_NOT_FOUND`, `WORKER_UNKNOWN` */
  job(worker: string, name: string): ApiJob {
    const { store, workers } = this.#options;
    workers.get(worker);
    const status = store.status(worker, name);
    if (status === undefined) {
      throw new ManagerError('MIRROR_NOT_FOUND', `worker '${worker}' has no mirror '${name}'`);
    }
    return this.of(status);
  }

  of(status: MirrorStatus): ApiJob {
    const { worker, name } = status;
    const progress = this.progressOf(worker, name);
    const wait = this.#waitOf(status);
    return {
      ...status,
      state: jobStateOf(status, wait),
      worker_state: this.stateOf(worker),
      ...(progress === undefined ? {} : { progress }),
      ...(wait === undefined ? {} : { waits: wait }),
    };
  }

  /** What pages call the state of a job. */
  jobStateOf(status: MirrorStatus): JobState {
    return jobStateOf(status, this.#waitOf(status));
  }

  /** How many jobs there are in each state. */
  countStates(statuses: Iterable<MirrorStatus>): JobStateCounts {
    const counts = Object.fromEntries(jobStates.map((state) => [state, 0])) as JobStateCounts;
    for (const status of statuses) counts[this.jobStateOf(status)] += 1;
    return counts;
  }

  /** How far a run under way is. */
  progressOf(worker: string, name: string): ApiJob['progress'] {
    const known = this.#options.progress.get(worker, name);
    return known === undefined ? undefined : withoutKey(known);
  }

  workers(): ApiWorker[] {
    const { store, workers, facts } = this.#options;
    return workers.list().map(({ id, url, last_online, last_register }) => {
      const told = facts.get(id)?.facts;
      return {
        id,
        url: publicUpstream(url),
        state: this.stateOf(id),
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
        counts: countJobs(store.statusesOf(id)),
      };
    });
  }

  stateOf(worker: string): WorkerState {
    const { facts, clock } = this.#options;
    const known = facts.get(worker);
    if (known === undefined) return 'unknown';
    return clock.now() - known.received < lostAfterMs ? 'online' : 'lost';
  }

  /** Why a job does not run, though it should; not of a worker that is lost. */
  #waitOf({ worker, name }: MirrorStatus): Wait | undefined {
    if (this.stateOf(worker) !== 'online') return undefined;
    const waits = this.#options.facts.get(worker)?.facts.waits;
    return waits !== undefined && Object.hasOwn(waits, name) ? waits[name] : undefined;
  }
}

/** How many there are in each state. */
export function countJobs(statuses: Iterable<Pick<MirrorStatus, 'status'>>): JobCounts {
  const counts = Object.fromEntries(syncStatuses.map((status) => [status, 0])) as JobCounts;
  for (const { status } of statuses) counts[status] += 1;
  return counts;
}

function withoutKey({
  name: _name,
  received: _received,
  ...progress
}: NonNullable<ReturnType<ProgressBoard['get']>>): NonNullable<ApiJob['progress']> {
  return progress;
}
