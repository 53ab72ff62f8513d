import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock } from '@tunasync/protocol';
import type { ChangedKey } from '@tunasync/store';
import { ManagerEvents } from '../events/manager-events.js';
import type { ServiceEvents } from '../events/service-events.js';
import { EventFeed } from '../feed/event-feed.js';
import { JobIndex } from '../jobs/job-index.js';
import { JobViews } from '../jobs/job-views.js';
import { statusEncoders } from '../reports/encode-status.js';
import { JobsBody } from '../reports/jobs-body.js';
import { RunIndex } from '../runs/run-index.js';
import type { StatusCache } from '../store/status-cache.js';
import type { HeartbeatRegistry } from '../workers/heartbeat-registry.js';
import type { ProgressBoard } from '../workers/progress-board.js';
import { WorkerPlans } from '../workers/worker-plans.js';
import type { WorkerReader } from '../workers/worker-reader.js';
import type { WorkerService } from '../workers/worker-service.js';

/** Options of {@link ReadModels}. */
export interface ReadModelsOptions {
  store: StatusCache;
  /** The services' events. */
  serviceEvents: ServiceEvents;
  workers: WorkerService;
  heartbeats: HeartbeatRegistry;
  progress: ProgressBoard;
  readWorker: WorkerReader;
  clock: Clock;
  logger: Logger;
}

/**
 * Everything that the manager derives from the store and from the services' events so that questions are cheap.
 *
 * Each change of the store is applied in this order, within the call that changes it:
 *
 * 1. `jobsBody` drops the body of `GET /jobs`, `jobs` updates its entries and counts, `progress` forgets syncs that ended.
 *    These three only read the store, so their order among each other does not matter.
 * 2. `events` calls the listeners of the embedding program. They may ask anything and see the new state.
 * 3. `feed` collects what its readers are sent next; it reads `jobs` for the state of workers and jobs.
 *
 * When a worker is removed, its statuses and runs leave the store first, by steps 1 to 3. After that is on stable
 * storage, `heartbeats`, `runs` and `plans` forget the worker.
 */
export class ReadModels implements Disposable {
  readonly encoders = statusEncoders();
  readonly jobsBody: JobsBody;
  readonly jobs: JobIndex;
  readonly views: JobViews;
  readonly runs: RunIndex;
  readonly plans: WorkerPlans;
  readonly events: ManagerEvents;
  readonly feed: EventFeed;
  readonly #progress: ProgressBoard;
  readonly #subscriptions: (() => void)[];

  constructor(options: ReadModelsOptions) {
    const { store, serviceEvents, workers, heartbeats, progress, readWorker, clock, logger } = options;
    this.jobsBody = new JobsBody(store, this.encoders.web);
    this.jobs = new JobIndex(store, clock);
    this.views = new JobViews({ index: this.jobs, workers, heartbeats, progress, clock });
    this.runs = new RunIndex({
      store,
      clock,
      onError: (error) => {
        logger.warn(`the runs of the last days could not be read: ${messageOf(error)}`);
      },
    });
    this.plans = new WorkerPlans({ read: readWorker, clock });
    this.events = new ManagerEvents(store, logger);
    this.feed = new EventFeed({ store, index: this.jobs, views: this.views, clock });
    this.#progress = progress;
    this.#subscriptions = [
      store.onChange((keys) => {
        this.#storeChanged(keys);
      }),
      serviceEvents.on('heartbeat', ({ worker, before, now }) => {
        this.feed.heartbeat(worker, before, now);
      }),
      serviceEvents.on('progress', ({ worker, names }) => {
        this.feed.progressed(worker, names);
      }),
      serviceEvents.on('runAdded', (run) => {
        this.runs.add(run);
      }),
      serviceEvents.on('workerRemoved', ({ id }) => {
        heartbeats.delete(id);
        this.runs.removeWorker(id);
        this.plans.forget(id);
      }),
    ];
  }

  #storeChanged(keys: readonly ChangedKey[]): void {
    const statuses = keys.filter((key) => key.type === 'status');
    if (statuses.length > 0) this.jobsBody.invalidate();
    this.jobs.changed(keys);
    for (const { worker, name } of statuses) this.#progress.statusChanged(worker, name);
    this.events.publish(keys);
    this.feed.stored(keys);
  }

  /** Stops following the store and the services, and ends all event streams. */
  [Symbol.dispose](): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.feed.end();
  }
}
