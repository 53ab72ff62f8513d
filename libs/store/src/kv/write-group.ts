import { Deferred } from '@tunasync/util';
import type { KvChange, KvEngine, KvOp } from './kv-engine.js';

/** Writes that go out as one batch, and the one promise that all of their writers wait for. */
export class WriteGroup {
  /** The last operation on each key: earlier ones of the same batch would have no effect. */
  readonly #ops = new Map<string, KvOp>();
  readonly #prefixes = new Set<string>();
  readonly #settled = new Deferred();

  /** Settles with the batch. */
  get promise(): Promise<void> {
    return this.#settled.promise;
  }

  add(changes: readonly KvChange[]): void {
    for (const change of changes) {
      if (change.type !== 'del-prefix') {
        this.#ops.set(change.key, change);
        continue;
      }
      const { prefix } = change;
      this.#prefixes.add(prefix);
      for (const key of this.#ops.keys()) {
        if (key.startsWith(prefix)) this.#ops.set(key, { type: 'del', key });
      }
    }
  }

  /** All operations, with those of prefixes for the content of `engine`: no other batch may be in progress. */
  async ops(engine: KvEngine): Promise<KvOp[]> {
    const ops = new Map(this.#ops);
    for (const prefix of this.#prefixes) {
      for (const key of await engine.keys(prefix)) {
        // an operation of the group on a key came after the prefix, or was made a deletion by it
        if (!ops.has(key)) ops.set(key, { type: 'del', key });
      }
    }
    return [...ops.values()];
  }

  resolve(): void {
    this.#settled.resolve();
  }

  reject(reason: Error): void {
    this.#settled.reject(reason);
  }
}
