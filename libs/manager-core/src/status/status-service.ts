import {
  nameProblem,
  toWireTime,
  type Clock,
  type MirrorSchedules,
  type MirrorStatus,
  type SizeReport,
} from '@tunasync/protocol';
import type { StoreChange } from '@tunasync/store';
import { ManagerError } from '../errors.js';
import { applyReport, isLate } from './apply-report.js';
import type { StatusCache } from './status-cache.js';
import type { StopTimes } from './stop-times.js';
import type { WorkerService } from './worker-service.js';

/** What workers report of their mirrors. Each method is one write, and resolves when that is on stable storage. */
export class StatusService {
  readonly #store: StatusCache;
  readonly #workers: WorkerService;
  readonly #stopTimes: StopTimes;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(store: StatusCache, workers: WorkerService, stopTimes: StopTimes, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#workers = workers;
    this.#stopTimes = stopTimes;
    this.#clock = clock;
  }

  /** Stores a report by the rules of {@link applyReport}; resolves to the stored status. */
  async report(worker: string, report: MirrorStatus): Promise<MirrorStatus> {
    const seen = this.#seen(worker);
    checkMirrorName(report.name);
    const current = this.#store.status(worker, report.name);
    const stoppedAt = this.#stopTimes.get(worker, report.name);
    const context = { worker, now: this.#clock.now(), stoppedAt };
    const status = applyReport(current, report, context);
    if (stoppedAt !== undefined && status.status === report.status && !isLate(report, context)) {
      this.#stopTimes.clear(worker, report.name);
    }
    await this.#store.write([...seen, { type: 'put-status', status }]);
    return status;
  }

  /** Sets the size of a mirror that is known. */
  async reportSize(worker: string, { name, size }: SizeReport): Promise<MirrorStatus> {
    const seen = this.#seen(worker);
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
    const changes = this.#seen(worker);
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

  /** Drops the statuses that are disabled or nameless, of all workers. */
  async flushDisabled(): Promise<void> {
    const gone = this.#store.statuses().filter(({ status, name }) => status === 'disabled' || name === '');
    for (const { worker, name } of gone) this.#stopTimes.clear(worker, name);
    if (gone.length > 0)
      await this.#store.write(gone.map(({ worker, name }) => ({ type: 'delete-status', worker, name })));
  }

  /**
   * The change that says that the worker was heard of now; none when another one says so already, as when many
   * reports arrive in a millisecond. @throws ManagerError `WORKER_UNKNOWN`
   */
  #seen(id: string): StoreChange[] {
    const worker = this.#workers.get(id);
    const last_online = toWireTime(this.#clock.now());
    if (worker.last_online === last_online) return [];
    return [{ type: 'put-worker', worker: { ...worker, last_online } }];
  }
}

function checkMirrorName(name: string): void {
  if (name === '') throw new ManagerError('NAME_INVALID', 'mirror Name should not be empty');
  const problem = nameProblem(name);
  if (problem !== undefined) throw new ManagerError('NAME_INVALID', `mirror name ${problem}`);
}
