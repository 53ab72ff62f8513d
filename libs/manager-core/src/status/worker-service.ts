import { nameProblem, shortened, toWireTime, type Clock, type WorkerStatus } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import type { StatusCache } from './status-cache.js';
import type { StopTimes } from './stop-times.js';

/** The workers that a manager knows. */
export class WorkerService {
  readonly #store: StatusCache;
  readonly #stopTimes: StopTimes;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(store: StatusCache, stopTimes: StopTimes, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#stopTimes = stopTimes;
    this.#clock = clock;
  }

  /** The worker. @throws ManagerError `WORKER_UNKNOWN` when none is registered under `id` */
  get(id: string): WorkerStatus {
    const worker = this.#store.worker(id);
    if (worker === undefined) throw new ManagerError('WORKER_UNKNOWN', `invalid workerID ${shortened(id)}`);
    return worker;
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

  /** Removes the worker and the statuses of its mirrors. */
  async remove(id: string): Promise<void> {
    this.get(id);
    this.#stopTimes.clear(id);
    await this.#store.write([{ type: 'delete-worker', id }]);
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
