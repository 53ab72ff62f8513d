import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';

/** A typed event map's listeners; one that throws or rejects is logged and cannot stop the emitter. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => unknown>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener; the returned function takes it away again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => unknown): () => void {
    // an object of its own for each call, so that the same function can be added twice and removed once
    const added = (event: Events[Name]): unknown => listener(event);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(added));
    return () => void listeners.delete(added);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        const result = (listener as (event: Events[Name]) => unknown)(event);
        if (result instanceof Promise) result.catch(this.#failed(name));
      } catch (error) {
        this.#failed(name)(error);
      }
    }
  }

  #failed(name: keyof Events): (error: unknown) => void {
    return (error) => {
      this.#logger.error(`a listener of '${String(name)}' failed: ${messageOf(error)}`);
    };
  }
}
