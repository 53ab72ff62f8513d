import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import type { StoreChange } from './interfaces.js';

/** Workers and statuses in memory, by worker: no answer about one worker costs more than its own statuses. */
export class StatusTable {
  readonly #workers = new Map<string, WorkerStatus>();
  readonly #statuses = new Map<string, Map<string, MirrorStatus>>();

  workers(): WorkerStatus[] {
    return [...this.#workers.values()];
  }

  worker(id: string): WorkerStatus | undefined {
    return this.#workers.get(id);
  }

  statuses(): MirrorStatus[] {
    const all: MirrorStatus[] = [];
    for (const ofWorker of this.#statuses.values()) {
      for (const status of ofWorker.values()) all.push(status);
    }
    return all;
  }

  statusesOf(worker: string): MirrorStatus[] {
    return [...(this.#statuses.get(worker)?.values() ?? [])];
  }

  status(worker: string, name: string): MirrorStatus | undefined {
    return this.#statuses.get(worker)?.get(name);
  }

  /** Applies one change and gives what takes it back, as long as later changes were taken back before. */
  apply(change: StoreChange): () => void {
    switch (change.type) {
      case 'put-worker':
        return replace(this.#workers, change.worker.id, change.worker);
      case 'delete-worker': {
        const worker = replace(this.#workers, change.id, undefined);
        const statuses = replace(this.#statuses, change.id, undefined);
        return () => {
          worker();
          statuses();
        };
      }
      case 'put-status':
        return this.#replaceStatus(change.status.worker, change.status.name, change.status);
      case 'delete-status':
        return this.#replaceStatus(change.worker, change.name, undefined);
    }
  }

  #replaceStatus(worker: string, name: string, status: MirrorStatus | undefined): () => void {
    let ofWorker = this.#statuses.get(worker);
    if (ofWorker === undefined) this.#statuses.set(worker, (ofWorker = new Map<string, MirrorStatus>()));
    return replace(ofWorker, name, status);
  }
}

/** Sets or removes an entry and gives what takes it back. */
function replace<T>(map: Map<string, T>, key: string, value: T | undefined): () => void {
  const before = map.get(key);
  put(map, key, value);
  return () => {
    put(map, key, before);
  };
}

function put<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
