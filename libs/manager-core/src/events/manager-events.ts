import type { Logger } from '@tunasync/logger';
import { messageOf, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import type { ChangedKey } from '@tunasync/store';
import { Emitter } from '@tunasync/util';
import type { StatusCache } from '../store/status-cache.js';

/**
 * What a manager tells its listeners when it shows something new. A write that fails is told twice: what was new, and
 * what is there again.
 */
export interface ManagerEventMap {
  /** A mirror's status is new or changed. */
  status: Readonly<MirrorStatus>;
  /** A mirror's status was dropped. */
  statusRemoved: { worker: string; name: string };
  /** A worker registered or was heard of; its token is not shown. */
  worker: Readonly<WorkerStatus>;
  /** A worker was deleted; `statusRemoved` tells of its mirrors. */
  workerRemoved: { id: string };
}

/** Listeners for what happens in a manager. */
export class ManagerEvents {
  readonly #emitter: Emitter<ManagerEventMap>;
  readonly #store: StatusCache;

  constructor(store: StatusCache, logger: Logger) {
    this.#store = store;
    this.#emitter = new Emitter((name, error) => {
      logger.error(`A listener for '${name}' threw: ${messageOf(error)}`);
    });
  }

  /** Calls `listener` for each event of a kind; the returned function ends that. A listener that throws is logged. */
  on<Name extends keyof ManagerEventMap>(
    name: Name,
    listener: (event: ManagerEventMap[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Emits what the store holds for these keys now. */
  publish(keys: readonly ChangedKey[]): void {
    for (const key of keys) {
      if (key.type === 'status') {
        const { worker, name } = key;
        const status = this.#store.status(worker, name);
        if (status === undefined) this.#emitter.emit('statusRemoved', { worker, name });
        else this.#emitter.emit('status', status);
      } else {
        const worker = this.#store.worker(key.id);
        if (worker === undefined) this.#emitter.emit('workerRemoved', { id: key.id });
        else if (this.#emitter.has('worker')) this.#emitter.emit('worker', { ...worker, token: 'REDACTED' });
      }
    }
  }
}
