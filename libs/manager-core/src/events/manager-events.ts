import type { Logger } from '@tunasync/logger';
import { messageOf, type MirrorStatus, type WorkerStatus } from '@tunasync/protocol';
import type { ChangedKey } from '@tunasync/store';
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

type Listener<Name extends keyof ManagerEventMap> = (event: ManagerEventMap[Name]) => void;

/** Listeners for what happens in a manager. */
export class ManagerEvents {
  readonly #listeners: { [Name in keyof ManagerEventMap]: Set<Listener<Name>> } = {
    status: new Set(),
    statusRemoved: new Set(),
    worker: new Set(),
    workerRemoved: new Set(),
  };
  readonly #store: StatusCache;
  readonly #logger: Logger;

  constructor(store: StatusCache, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Calls `listener` for each event of a kind; returns how to end that. A listener that throws is logged. */
  on<Name extends keyof ManagerEventMap>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.#listeners[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Tells the listeners what the store holds for these keys now. */
  publish(keys: readonly ChangedKey[]): void {
    for (const key of keys) {
      if (key.type === 'status') {
        const { worker, name } = key;
        const status = this.#store.status(worker, name);
        if (status === undefined) this.#emit('statusRemoved', { worker, name });
        else this.#emit('status', status);
      } else {
        const worker = this.#store.worker(key.id);
        if (worker === undefined) this.#emit('workerRemoved', { id: key.id });
        else if (this.#listeners.worker.size > 0) this.#emit('worker', { ...worker, token: 'REDACTED' });
      }
    }
  }

  #emit<Name extends keyof ManagerEventMap>(name: Name, event: ManagerEventMap[Name]): void {
    const listeners: Set<Listener<Name>> = this.#listeners[name];
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error(`A listener for '${name}' threw: ${messageOf(error)}`);
      }
    }
  }
}
