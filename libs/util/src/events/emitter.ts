/** Receives the failures of listeners. */
export type ListenerFailed = (event: string, error: unknown) => void;

/**
 * The listeners of a typed event map. A listener that throws or rejects is reported and stops neither the emitter nor
 * other listeners.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => unknown>>();
  readonly #failed: ListenerFailed;

  constructor(failed: ListenerFailed) {
    this.#failed = failed;
  }

  /** Adds a listener; the returned function removes it. A function that is added twice is called twice. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => unknown): () => void {
    // a separate function for each call, so that the same listener can be added twice and removed once
    const added = (event: Events[Name]): unknown => listener(event);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(added));
    return () => void listeners.delete(added);
  }

  /** Whether an event has listeners: without any, the event need not be made. */
  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        const result = (listener as (event: Events[Name]) => unknown)(event);
        if (result instanceof Promise) {
          result.catch((error: unknown) => {
            this.#failed(String(name), error);
          });
        }
      } catch (error) {
        this.#failed(String(name), error);
      }
    }
  }
}
