/** Runs tasks one after the other, in the order in which they were added. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `task` does; the next task starts in either case. */
  add<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** One {@link SerialQueue} per key; a key without tasks takes no memory. */
export class KeyedSerialQueue<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  /** Number of keys with tasks that have not ended. */
  get size(): number {
    return this.#last.size;
  }

  /** Resolves or rejects as `task` does; the next task of the same key starts in either case. */
  add<T>(key: Key, task: () => T | Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(task);
    const ended = result
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(key) === ended) this.#last.delete(key);
      });
    this.#last.set(key, ended);
    return result;
  }
}
