import {
  publicUpstream,
  type Clock,
  type MirrorSchedules,
  type MirrorStatus,
  type SizeReport,
} from '@tunasync/protocol';
import type { StoreChange } from '@tunasync/store';
import { ManagerError } from '../errors/manager-error.js';
import { checkMirrorName } from '../errors/mirror-name.js';
import type { StatusCache } from '../store/status-cache.js';
import type { HeartbeatRegistry } from '../workers/heartbeat-registry.js';
import type { WorkerService } from '../workers/worker-service.js';
import { applyReport } from './apply-report.js';
import { stopChanges } from './late-report.js';

/** What workers report of their mirrors. Each method is one write, and resolves when that is on stable storage. */
export class StatusService {
  readonly #store: StatusCache;
  readonly #workers: WorkerService;
  readonly #heartbeats: HeartbeatRegistry;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(
    store: StatusCache,
    workers: WorkerService,
    heartbeats: HeartbeatRegistry,
    clock: Pick<Clock, 'now'>,
  ) {
    this.#store = store;
    this.#workers = workers;
    this.#heartbeats = heartbeats;
    this.#clock = clock;
  }

  /** Stores a report by the rules of {@link applyReport}; resolves to the stored status. */
  async report(worker: string, report: MirrorStatus): Promise<MirrorStatus> {
    const seen = this.#workers.seen(worker);
    checkMirrorName(report.name);
    const current = this.#store.status(worker, report.name);
    const stop = this.#store.stop(worker, report.name);
    const known = { worker, current, stop, skew: this.#heartbeats.skew(worker) };
    const status = applyReport(current, report, { ...known, now: this.#clock.now() });
    const changes: StoreChange[] = [...seen, { type: 'put-status', status }, ...stopChanges(report, known)];
    await this.#store.write(changes);
    return status;
  }

  /** The statuses of a worker's mirrors. @throws ManagerError `WORKER_UNKNOWN` */
  ofWorker(worker: string): Iterable<MirrorStatus> {
    this.#workers.get(worker);
    return this.#store.statusesOf(worker);
  }

  /** The statuses of a mirror, one for each worker that has it. @throws ManagerError `MIRROR_NOT_FOUND` */
  ofMirror(name: string): MirrorStatus[] {
    const statuses = this.#store.statuses().filter((status) => status.name === name);
    if (statuses.length > 0) return statuses;
    throw new ManagerError('MIRROR_NOT_FOUND', `no worker has a mirror '${name}'`);
  }

  /** Sets the size of a mirror that is known. */
  async reportSize(worker: string, { name, size }: SizeReport): Promise<MirrorStatus> {
    const seen = this.#workers.seen(worker);
    checkMirrorName(name);
    const current = this.#store.status(worker, name);
    if (current === undefined) {
      throw new ManagerError('MIRROR_UNKNOWN', `no mirror '${name}' exists in worker '${worker}'`);
    }
    const status = { ...current, size };
    await this.#store.write([...seen, { type: 'put-status', status }]);
    return status;
  }

  /** Sets when mirrors are due; those that are not known are ignored, those that stay as they are not written. */
  async reportSchedules(worker: string, { schedules }: MirrorSchedules): Promise<void> {
    const changes = this.#workers.seen(worker);
    // of several entries for one mirror the last one counts
    for (const [name, next_schedule] of new Map(
      schedules.map((entry) => [entry.name, entry.next_schedule]),
    )) {
      const current = this.#store.status(worker, name);
      if (current !== undefined && current.next_schedule !== next_schedule) {
        changes.push({ type: 'put-status', status: { ...current, next_schedule } });
      }
    }
    if (changes.length > 0) await this.#store.write(changes);
  }

  /** Takes passwords out of the upstreams that an older manager stored as they were reported. */
  async hidePasswords(): Promise<void> {
    const changes = this.#store.statuses().flatMap((status): StoreChange[] => {
      const upstream = publicUpstream(status.upstream);
      return upstream === status.upstream ? [] : [{ type: 'put-status', status: { ...status, upstream } }];
    });
    if (changes.length > 0) await this.#store.write(changes);
  }

  /** Drops the statuses that are disabled or nameless, of all workers. */
  async flushDisabled(): Promise<void> {
    const gone = this.#store.statuses().filter(({ status, name }) => status === 'disabled' || name === '');
    const changes = gone.flatMap(({ worker, name }): StoreChange[] => [
      { type: 'delete-status', worker, name },
      ...(this.#store.stop(worker, name) === undefined
        ? []
        : [{ type: 'delete-stop', worker, name } as const]),
    ]);
    if (changes.length > 0) await this.#store.write(changes);
  }
}
