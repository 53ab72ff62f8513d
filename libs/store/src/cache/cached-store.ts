import { nullLogger, type Logger } from '@tunasync/logger';
import { messageOf, type MirrorStatus, type RunRecord, type WorkerStatus } from '@tunasync/protocol';
import { StatusTable } from '../memory/status-table.js';
import type { MirrorKey, RunKey, StatusStore, StopRecord, StoreChange } from '../store/interfaces.js';
import { StoreError } from '../store/store-error.js';

/** The key of a change that listeners of {@link CachedStore.onChange} get. */
export type ChangedKey =
  | { readonly type: 'worker'; readonly id: string }
  | { readonly type: 'status'; readonly worker: string; readonly name: string };

/** Called when what a {@link CachedStore} shows has changed, before the change is stored. */
export type ChangeListener = (keys: readonly ChangedKey[]) => void;

/** Options of {@link CachedStore.open}. */
export interface CachedStoreOptions {
  /** Receives the errors of listeners. @defaultValue none */
  logger?: Logger;
}

/** A write that the store underneath has not answered yet. */
interface PendingWrite {
  readonly changes: readonly StoreChange[];
  readonly undo: readonly (() => void)[];
  /** Why it was taken back, if it was. */
  failure?: StoreError;
}

/**
 * Answers reads from memory, except those of runs, and passes writes on.
 *
 * A change is visible immediately, so that the next read-modify-write builds on it; its promise resolves when the
 * store underneath has acknowledged it. When a write fails, all unacknowledged writes are undone and rejected, and
 * the store is read again before the next write goes out.
 *
 * The synchronous reads return objects of the cache: never change them.
 */
export class CachedStore implements StatusStore, AsyncDisposable {
  readonly kind: string;
  readonly #store: StatusStore;
  readonly #logger: Logger;
  #table: StatusTable;
  /** Oldest first. */
  readonly #pending = new Set<PendingWrite>();
  /** Writes that the store has not answered, those taken back included. */
  #unanswered = 0;
  #onAnswered: (() => void) | undefined;
  /** Whether a write failed since the cache was read from the store. */
  #stale = false;
  #reloading: Promise<void> | undefined;
  readonly #listeners = new Set<ChangeListener>();

  private constructor(store: StatusStore, logger: Logger, table: StatusTable) {
    this.kind = store.kind;
    this.#store = store;
    this.#logger = logger;
    this.#table = table;
  }

  /** Reads everything that `store` holds. The cache owns the store from then on and must be its only writer. */
  static async open(store: StatusStore, options: CachedStoreOptions = {}): Promise<CachedStore> {
    return new CachedStore(store, options.logger ?? nullLogger, await readAll(store));
  }

  /** All workers, in no particular order. */
  workers(): Readonly<WorkerStatus>[] {
    return this.#table.workers();
  }

  worker(id: string): Readonly<WorkerStatus> | undefined {
    return this.#table.worker(id);
  }

  /** All statuses, in no particular order. */
  statuses(): Readonly<MirrorStatus>[] {
    return this.#table.statuses();
  }

  /** The statuses of one worker; costs no more than these. */
  statusesOf(worker: string): Readonly<MirrorStatus>[] {
    return this.#table.statusesOf(worker);
  }

  status(worker: string, name: string): Readonly<MirrorStatus> | undefined {
    return this.#table.status(worker, name);
  }

  /** The stop of a mirror, if it is stopped. */
  stop(worker: string, name: string): Readonly<StopRecord> | undefined {
    return this.#table.stop(worker, name);
  }

  /** Calls `listener` with the keys of every change that becomes visible, also when one is taken back. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The changes belong to the cache from then on. @throws StoreError `STORE_WRITE_FAILED` */
  write(changes: readonly StoreChange[]): Promise<void> {
    if (this.#stale) return this.#reload().then(() => this.write(changes));
    const keys = this.#listeners.size === 0 ? undefined : this.#keysOf(changes);
    const pending: PendingWrite = { changes, undo: changes.map((change) => this.#table.apply(change)) };
    this.#pending.add(pending);
    this.#unanswered++;
    if (keys !== undefined && keys.length > 0) this.#emit(keys);
    return this.#store.write(changes).then(
      () => {
        this.#answered();
        if (pending.failure !== undefined) throw pending.failure;
        this.#pending.delete(pending);
      },
      (cause: unknown) => {
        const failure = pending.failure ?? writeFailure(cause);
        this.#takeBack(failure);
        this.#answered();
        throw failure;
      },
    );
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  listWorkers(): Promise<WorkerStatus[]> {
    return Promise.resolve(this.workers().map((worker) => ({ ...worker })));
  }

  getWorker(id: string): Promise<WorkerStatus | undefined> {
    const worker = this.worker(id);
    return Promise.resolve(worker && { ...worker });
  }

  listStatuses(worker?: string): Promise<MirrorStatus[]> {
    const statuses = worker === undefined ? this.statuses() : this.statusesOf(worker);
    return Promise.resolve(statuses.map((status) => ({ ...status })));
  }

  getStatus(worker: string, name: string): Promise<MirrorStatus | undefined> {
    const status = this.status(worker, name);
    return Promise.resolve(status && { ...status });
  }

  listStops(): Promise<StopRecord[]> {
    return Promise.resolve(this.#table.stops().map((stop) => ({ ...stop })));
  }

  listRuns(mirror: MirrorKey, limit: number): Promise<RunRecord[]> {
    return this.#store.listRuns(mirror, limit);
  }

  listRunKeys(mirror: MirrorKey): Promise<RunKey[]> {
    return this.#store.listRunKeys(mirror);
  }

  listRunMirrors(): Promise<MirrorKey[]> {
    return this.#store.listRunMirrors();
  }

  /** Takes back everything that was not acknowledged, last first. */
  #takeBack(failure: StoreError): void {
    this.#stale = true;
    const pending = [...this.#pending].reverse();
    this.#pending.clear();
    const keys: ChangedKey[] = [];
    for (const write of pending) {
      write.failure = failure;
      for (const undo of [...write.undo].reverse()) undo();
      keys.push(...this.#keysOf(write.changes));
    }
    if (keys.length > 0) this.#emit(keys);
    // if no write is pending, this runs now; the next write reports a failure
    this.#reload().catch(() => undefined);
  }

  #answered(): void {
    if (--this.#unanswered === 0) this.#onAnswered?.();
  }

  #reload(): Promise<void> {
    return (this.#reloading ??= this.#readAgain().finally(() => {
      this.#reloading = undefined;
    }));
  }

  async #readAgain(): Promise<void> {
    // a store may have taken a later write although an earlier one failed
    if (this.#unanswered > 0) await new Promise<void>((resolve) => (this.#onAnswered = resolve));
    this.#onAnswered = undefined;
    let table: StatusTable;
    try {
      table = await readAll(this.#store);
    } catch (cause) {
      throw writeFailure(cause);
    }
    const keys = differences(this.#table, table);
    this.#table = table;
    this.#stale = false;
    if (keys.length > 0) this.#emit(keys);
  }

  #keysOf(changes: readonly StoreChange[]): ChangedKey[] {
    const keys: ChangedKey[] = [];
    for (const change of changes) {
      switch (change.type) {
        case 'put-worker':
          keys.push({ type: 'worker', id: change.worker.id });
          break;
        case 'delete-worker':
          keys.push({ type: 'worker', id: change.id });
          for (const { worker, name } of this.#table.statusesOf(change.id))
            keys.push({ type: 'status', worker, name });
          break;
        case 'put-status':
          keys.push({ type: 'status', worker: change.status.worker, name: change.status.name });
          break;
        case 'delete-status':
          keys.push({ type: 'status', worker: change.worker, name: change.name });
          break;
        case 'put-stop':
        case 'delete-stop':
        case 'put-run':
        case 'delete-run':
          break;
      }
    }
    return keys;
  }

  #emit(keys: readonly ChangedKey[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(keys);
      } catch (error) {
        this.#logger.error(`A listener for changes of the store failed: ${messageOf(error)}`);
      }
    }
  }
}

async function readAll(store: StatusStore): Promise<StatusTable> {
  const table = new StatusTable();
  const [workers, statuses, stops] = await Promise.all([
    store.listWorkers(),
    store.listStatuses(),
    store.listStops(),
  ]);
  for (const worker of workers) table.apply({ type: 'put-worker', worker });
  for (const status of statuses) table.apply({ type: 'put-status', status });
  for (const stop of stops) table.apply({ type: 'put-stop', stop });
  return table;
}

function writeFailure(cause: unknown): StoreError {
  const known = cause instanceof StoreError && ['STORE_WRITE_FAILED', 'STORE_CLOSED'].includes(cause.code);
  return known
    ? cause
    : new StoreError('STORE_WRITE_FAILED', `cannot write to the store: ${messageOf(cause)}`, { cause });
}

/** Keys of everything that one of the tables holds and the other does not, or not like this. */
function differences(before: StatusTable, after: StatusTable): ChangedKey[] {
  const keys: ChangedKey[] = [];
  const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  for (const id of new Set([...before.workers(), ...after.workers()].map((worker) => worker.id))) {
    if (differ(before.worker(id), after.worker(id))) keys.push({ type: 'worker', id });
  }
  const seen = new Set<string>();
  for (const { worker, name } of [...before.statuses(), ...after.statuses()]) {
    const key = JSON.stringify([worker, name]);
    if (seen.has(key)) continue;
    seen.add(key);
    if (differ(before.status(worker, name), after.status(worker, name)))
      keys.push({ type: 'status', worker, name });
  }
  return keys;
}
