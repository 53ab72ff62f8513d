import {
  nameProblem,
  shortened,
  toUnixMillis,
  toWireTime,
  type Clock,
  type WorkerStatus,
} from '@tunasync/protocol';
import type { StoreChange } from '@tunasync/store';
import { ManagerError } from '../errors/manager-error.js';
import type { ServiceEvents } from '../events/service-events.js';
import type { StatusCache } from '../store/status-cache.js';
import type { HeartbeatRegistry } from './heartbeat-registry.js';

/** The workers that a manager knows. */
export class WorkerService {
  readonly #store: StatusCache;
  readonly #heartbeats: HeartbeatRegistry;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #events: ServiceEvents;

  constructor(
    store: StatusCache,
    heartbeats: HeartbeatRegistry,
    clock: Pick<Clock, 'now'>,
    events: ServiceEvents,
  ) {
    this.#store = store;
    this.#heartbeats = heartbeats;
    this.#clock = clock;
    this.#events = events;
  }

  /** The worker. @throws ManagerError `WORKER_UNKNOWN` when none is registered under `id` */
  get(id: string): WorkerStatus {
    const worker = this.#store.worker(id);
    if (worker === undefined) throw new ManagerError('WORKER_UNKNOWN', `invalid workerID ${shortened(id)}`);
    return worker;
  }

  /** All workers without their tokens; `last_online` includes heartbeats. */
  list(): WorkerStatus[] {
    return this.#store.workers().map((worker) => {
      const heard = this.#heardLater(worker);
      const last_online = heard === undefined ? worker.last_online : toWireTime(heard);
      return { ...worker, token: 'REDACTED', last_online };
    });
  }

  /** Stores the worker as online and registered now. @throws ManagerError when its id or URL is unusable */
  async register({ id, url, token }: WorkerStatus): Promise<WorkerStatus> {
    const problem = nameProblem(id);
    if (problem !== undefined) throw new ManagerError('NAME_INVALID', `worker id ${problem}`);
    // a worker without a URL can report, but not be commanded
    if (url !== '' && !isHttpUrl(url)) {
      throw new ManagerError('WORKER_URL_INVALID', 'url: expected a URL such as http://worker.example:6000/');
    }
    const now = toWireTime(this.#clock.now());
    const worker = { id, url, token, last_online: now, last_register: now };
    await this.#store.write([{ type: 'put-worker', worker }]);
    return worker;
  }

  /** Removes the worker, the statuses of its mirrors, and their runs. */
  async remove(id: string): Promise<void> {
    this.get(id);
    await this.#store.write([{ type: 'delete-worker', id }]);
    this.#events.emit('workerRemoved', { id });
  }

  /**
   * The change that says that the worker was heard of now; none when another one says so already, as when many
   * reports arrive in a millisecond. @throws ManagerError `WORKER_UNKNOWN`
   */
  seen(id: string): StoreChange[] {
    const worker = this.get(id);
    const last_online = toWireTime(this.#clock.now());
    if (worker.last_online === last_online) return [];
    return [{ type: 'put-worker', worker: { ...worker, last_online } }];
  }

  /** Stores when workers were last heard of where only heartbeats said so, in one write. */
  async keepLastOnline(): Promise<void> {
    const changes = this.#store.workers().flatMap((worker): StoreChange[] => {
      const heard = this.#heardLater(worker);
      if (heard === undefined) return [];
      return [{ type: 'put-worker', worker: { ...worker, last_online: toWireTime(heard) } }];
    });
    if (changes.length > 0) await this.#store.write(changes);
  }

  /** When a heartbeat came after everything that the store knows of; milliseconds since the Unix epoch. */
  #heardLater({ id, last_online }: WorkerStatus): number | undefined {
    const heard = this.#heartbeats.get(id)?.received;
    return heard !== undefined && heard > toUnixMillis(last_online) ? heard : undefined;
  }
}

/** Whether commands can be posted to it. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
