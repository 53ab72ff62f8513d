import type { MirrorStatus, WorkerStatus } from '@tunasync/protocol';
import type { StopRecord, StoreChange } from '../store/interfaces.js';

/** Workers, statuses and stops in memory, by worker: no answer about one worker costs more than what it has itself. */
export class StatusTable {
  readonly #workers = new Map<string, WorkerStatus>();
  readonly #statuses = new Map<string, Map<string, MirrorStatus>>();
  readonly #stops = new Map<string, Map<string, StopRecord>>();

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

  stops(): StopRecord[] {
    return [...this.#stops.values()].flatMap((ofWorker) => [...ofWorker.values()]);
  }

  stop(worker: string, name: string): StopRecord | undefined {
    return this.#stops.get(worker)?.get(name);
  }

  /**
   * Applies one change, unless it is of runs, and gives what takes it back, as long as later changes were taken back
   * before.
   */
  apply(change: StoreChange): () => void {
    switch (change.type) {
      case 'put-worker':
        return replace(this.#workers, change.worker.id, change.worker);
      case 'delete-worker': {
        const worker = replace(this.#workers, change.id, undefined);
        const statuses = replace(this.#statuses, change.id, undefined);
        const stops = replace(this.#stops, change.id, undefined);
        return () => {
          worker();
          statuses();
          stops();
        };
      }
      case 'put-status':
        return replace(childOf(this.#statuses, change.status.worker), change.status.name, change.status);
      case 'delete-status':
        return replace(childOf(this.#statuses, change.worker), change.name, undefined);
      case 'put-stop':
        return replace(childOf(this.#stops, change.stop.worker), change.stop.name, change.stop);
      case 'delete-stop':
        return replace(childOf(this.#stops, change.worker), change.name, undefined);
      case 'put-run':
      case 'delete-run':
        return () => undefined;
    }
  }
}

function childOf<T>(parent: Map<string, Map<string, T>>, worker: string): Map<string, T> {
  let ofWorker = parent.get(worker);
  if (ofWorker === undefined) parent.set(worker, (ofWorker = new Map<string, T>()));
  return ofWorker;
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
