import { setImmediate } from 'node:timers/promises';
import type { KvEngine, KvOp, KvSlice } from '../src/index.js';

/** A disk in memory: `stored` survives a close. Batches wait until a test lets them end. */
export class FakeDisk {
  readonly stored = new Map<string, string>();
  /** Every batch that was started, in order. */
  readonly batches: KvOp[][] = [];
  /** How often the database was opened. */
  opened = 0;
  /** How many of the databases are open now. */
  open = 0;
  /** Whether batches wait for {@link FakeDisk.finish}. */
  slow = false;
  /** Makes opening fail. */
  openError: Error | undefined;
  /** Makes reading fail. */
  readError: Error | undefined;
  #finish: ((error?: Error) => void) | undefined;

  readonly openEngine = (): Promise<KvEngine> => {
    if (this.openError !== undefined) return Promise.reject(this.openError);
    if (this.open > 0) return Promise.reject(new Error('opened while it was open'));
    this.opened++;
    this.open++;
    let open = true;
    const shown = new Map(this.stored);
    const use = (): Map<string, string> => {
      if (!open) throw new Error('used after close');
      if (this.readError !== undefined) throw this.readError;
      return shown;
    };
    return Promise.resolve({
      get: async (key) => {
        await setImmediate();
        return use().get(key);
      },
      entries: async (prefix, slice) => {
        await setImmediate();
        return sliceOf([...use()], prefix, slice);
      },
      keys: async (prefix, slice) => {
        await setImmediate();
        return sliceOf([...use()], prefix, slice).map(([key]) => key);
      },
      batch: async (ops) => {
        use();
        this.batches.push(ops);
        if (this.slow) {
          const error = await new Promise<Error | undefined>((resolve) => (this.#finish = resolve));
          if (error !== undefined) throw error;
        }
        for (const map of [this.stored, shown]) apply(map, ops);
      },
      close: () => {
        if (open) this.open--;
        open = false;
        return Promise.resolve();
      },
    } satisfies KvEngine);
  };

  /** Lets the batch in progress end, well or with `error`. */
  finish(error?: Error): void {
    const finish = this.#finish;
    this.#finish = undefined;
    if (finish === undefined) throw new Error('no batch is under way');
    finish(error);
  }

  /** Keys of the operations of each batch. */
  get keys(): string[][] {
    return this.batches.map((ops) => ops.map((op) => op.key));
  }
}

export function apply(map: Map<string, string>, ops: readonly KvOp[]): void {
  for (const op of ops) {
    if (op.type === 'put') map.set(op.key, op.value);
    else map.delete(op.key);
  }
}

function sliceOf(entries: [string, string][], prefix: string, slice: KvSlice = {}): [string, string][] {
  const { after = '', reverse = false, limit } = slice;
  const wanted = entries.filter(([key]) => key.startsWith(prefix) && key > after).sort();
  if (reverse) wanted.reverse();
  return wanted.slice(0, limit);
}
