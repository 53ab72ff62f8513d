import { toWireTime, type Heartbeat, type ProgressEntry } from '@tunasync/protocol';
import { ManagerError } from '../errors/manager-error.js';
import type { ServiceEvents } from '../events/service-events.js';
import type { HeartbeatRegistry } from '../workers/heartbeat-registry.js';
import type { ProgressBoard } from '../workers/progress-board.js';
import type { WorkerService } from '../workers/worker-service.js';

/** Options of {@link LiveReports}. */
export interface LiveReportsOptions {
  workers: WorkerService;
  heartbeats: HeartbeatRegistry;
  progress: ProgressBoard;
  events: ServiceEvents;
}

/**
 * Reports of workers that are kept in memory only: heartbeats and the progress of running syncs.
 * Each method throws ManagerError `WORKER_UNKNOWN` for a worker that is not registered.
 */
export class LiveReports {
  readonly #options: LiveReportsOptions;

  constructor(options: LiveReportsOptions) {
    this.#options = options;
  }

  /** Takes a heartbeat. */
  heartbeat(worker: string, now: Heartbeat): void {
    const { workers, heartbeats, events } = this.#options;
    workers.get(worker);
    const before = heartbeats.get(worker)?.heartbeat;
    heartbeats.set(worker, now);
    events.emit('heartbeat', { worker, before, now });
  }

  /** The last heartbeat, and when it arrived. @throws ManagerError `HEARTBEAT_NOT_FOUND` when there was none */
  lastHeartbeat(worker: string): Heartbeat & { received: string } {
    const { workers, heartbeats } = this.#options;
    workers.get(worker);
    const known = heartbeats.get(worker);
    if (known === undefined) {
      throw new ManagerError('HEARTBEAT_NOT_FOUND', `worker '${worker}' has sent no heartbeat yet`);
    }
    return { ...known.heartbeat, received: toWireTime(known.received) };
  }

  /** Takes the progress of running syncs. */
  progress(worker: string, entries: readonly ProgressEntry[]): void {
    const { workers, progress, events } = this.#options;
    workers.get(worker);
    progress.set(worker, entries);
    events.emit('progress', { worker, names: entries.map(({ name }) => name) });
  }

  /** The progress of a worker's running syncs, in no particular order. */
  progressOf(worker: string): ProgressEntry[] {
    const { workers, progress } = this.#options;
    workers.get(worker);
    return progress.ofWorker(worker).map(({ received: _, ...entry }) => entry);
  }
}
