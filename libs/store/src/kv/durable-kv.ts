import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';
import { StoreError } from '../store/store-error.js';
import type { KvChange, KvEngine, KvOp, KvSlice } from './kv-engine.js';
import { openLevelEngine } from './level-engine.js';
import { WriteGroup } from './write-group.js';

/** Options of {@link DurableKv.open}. */
export interface DurableKvOptions {
  logger: Logger;
  /** Opens the database underneath; called again after a failed batch. @defaultValue a LevelDB at the path */
  openEngine?: (path: string) => Promise<KvEngine>;
}

/**
 * A database of string keys and values that acknowledges nothing that a crash could take back.
 *
 * Writes that arrive while a batch is in progress go out together as the next batch (group commit), in which each
 * key is written once. After a failed batch LevelDB acknowledges writes that are lost at the next opening, so the
 * database is closed and opened again before anything is acknowledged.
 */
export class DurableKv implements AsyncDisposable {
  readonly path: string;
  readonly #logger: Logger;
  readonly #openEngine: (path: string) => Promise<KvEngine>;
  /** Undefined from a failed batch until the database is open again. */
  #engine: KvEngine | undefined;
  #recovery: Promise<KvEngine> | undefined;
  /** A failed database that could not even be closed. */
  #broken: KvEngine | undefined;
  /** Takes a failed batch back, should the database hold it after all. */
  #undo: KvOp[] = [];
  /** The writes of the next batch. */
  #waiting: WriteGroup | undefined;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(path: string, options: DurableKvOptions, engine: KvEngine) {
    this.path = path;
    this.#logger = options.logger;
    this.#openEngine = options.openEngine ?? openLevelEngine;
    this.#engine = engine;
  }

  /**
   * Opens the LevelDB at `path`; it and its parent folders are created when missing.
   *
   * @throws {@link StoreError} `STORE_LOCKED`, `STORE_DAMAGED`, `STORE_UNWRITABLE`, `STORE_NOT_A_DATABASE`
   */
  static async open(path: string, options: DurableKvOptions): Promise<DurableKv> {
    return new DurableKv(path, options, await (options.openEngine ?? openLevelEngine)(path));
  }

  /** The stored value; writes that are not acknowledged yet may be missing. */
  get(key: string): Promise<string | undefined> {
    return this.#read((engine) => engine.get(key));
  }

  /** All stored entries whose key begins with `prefix`, in key order, or a slice of them. @defaultValue all entries */
  entries(prefix = '', slice?: KvSlice): Promise<[key: string, value: string][]> {
    return this.#read((engine) => engine.entries(prefix, slice));
  }

  /** The keys alone. */
  keys(prefix = '', slice?: KvSlice): Promise<string[]> {
    return this.#read((engine) => engine.keys(prefix, slice));
  }

  /**
   * Applies all changes, in order, or none. Resolves when they are on stable storage.
   *
   * @throws {@link StoreError} `STORE_WRITE_FAILED`: none of them is stored; a later write works again once the
   * cause is gone
   */
  write(changes: readonly KvChange[]): Promise<void> {
    if (this.#isClosed()) return Promise.reject(this.#closedError());
    if (changes.length === 0) return Promise.resolve();
    const group = (this.#waiting ??= new WriteGroup());
    group.add(changes);
    this.#writing ??= this.#writeGroups();
    return group.promise;
  }

  /** Waits for pending writes and closes the database; repeated calls change nothing. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#writing;
    await this.#recovery?.catch(() => undefined);
    await (this.#engine ?? this.#broken)?.close();
  }

  async #writeGroups(): Promise<void> {
    while (this.#waiting !== undefined) {
      // writers that the last batch answered, or that came with this turn's input, may join the next one
      await new Promise((resolve) => setImmediate(resolve));
      await this.#writeGroup(this.#waiting);
    }
    this.#writing = undefined;
  }

  async #writeGroup(group: WriteGroup): Promise<void> {
    this.#waiting = undefined;
    let engine: KvEngine | undefined;
    let ops: readonly KvOp[] = [];
    try {
      engine = await this.#ready();
      ops = await group.ops(engine);
      await engine.batch([...ops]);
      group.resolve();
    } catch (cause) {
      if (engine !== undefined) this.#fail(engine, ops, cause);
      const failure = new StoreError(
        'STORE_WRITE_FAILED',
        `cannot write to the database ${this.path}: ${reasonOf(cause)}`,
        { cause },
      );
      group.reject(failure);
      // their writers assumed that the failed ones would be stored
      this.#takeWaiting()?.reject(failure);
    }
  }

  #takeWaiting(): WriteGroup | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #fail(engine: KvEngine, ops: readonly KvOp[], cause: unknown): void {
    this.#logger.error(`Cannot write to the database ${this.path}: ${reasonOf(cause)}`);
    this.#engine = undefined;
    this.#broken = engine;
    this.#recover(ops).catch((error: unknown) => {
      this.#logger.error(
        `Cannot open the database again, will retry with the next write: ${messageOf(error)}`,
      );
    });
  }

  /** The open database, opened again first when the last batch failed. */
  #ready(): Promise<KvEngine> | KvEngine {
    return this.#engine ?? this.#recovery ?? this.#recover([]);
  }

  #recover(failed: readonly KvOp[]): Promise<KvEngine> {
    this.#recovery = this.#reopen(failed).finally(() => {
      this.#recovery = undefined;
    });
    return this.#recovery;
  }

  async #reopen(failed: readonly KvOp[]): Promise<KvEngine> {
    if (this.#broken !== undefined) {
      if (failed.length > 0) this.#undo = await previousValues(this.#broken, failed);
      await this.#broken.close();
      this.#broken = undefined;
    }
    const engine = await this.#openEngine(this.path);
    try {
      await takeBack(engine, this.#undo);
    } catch (error) {
      this.#broken = engine;
      throw error;
    }
    this.#undo = [];
    this.#engine = engine;
    this.#logger.notice(`Opened the database ${this.path} again`);
    return engine;
  }

  async #read<T>(read: (engine: KvEngine) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#isClosed()) throw this.#closedError();
      const engine = await this.#ready();
      try {
        return await read(engine);
      } catch (cause) {
        // the database was replaced under the read: the new one answers
        if (engine !== this.#engine && !this.#isClosed()) continue;
        const message = `cannot read the database ${this.path}: ${reasonOf(cause)}`;
        throw new StoreError('STORE_READ_FAILED', message, { cause });
      }
    }
  }

  #isClosed(): boolean {
    return this.#closing !== undefined;
  }

  #closedError(): StoreError {
    return new StoreError('STORE_CLOSED', `the database ${this.path} is closed`);
  }
}

/** LevelDB's message is in the cause of the errors of level. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}

/** Operations that give every key of `ops` the value that it had before them. */
async function previousValues(engine: KvEngine, ops: readonly KvOp[]): Promise<KvOp[]> {
  const keys = ops.map((op) => op.key);
  // LevelDB changes nothing that reads see until the log is written and synced
  const values = await Promise.all(keys.map((key) => engine.get(key)));
  return keys.map((key, index) => {
    const value = values[index];
    return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
  });
}

/**
 * Undoes a log that was written but not synced: it comes back at the next opening, after its writers got an error.
 */
async function takeBack(engine: KvEngine, undo: readonly KvOp[]): Promise<void> {
  const values = await Promise.all(undo.map((op) => engine.get(op.key)));
  const wrong = undo.filter((op, index) => values[index] !== (op.type === 'put' ? op.value : undefined));
  if (wrong.length > 0) await engine.batch(wrong);
}
