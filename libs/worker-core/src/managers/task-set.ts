/** Promises that are waited for in the end. */
export class TaskSet {
  readonly #tasks = new Set<Promise<unknown>>();

  /** @returns the task itself */
  add<T>(task: Promise<T>): Promise<T> {
    this.#tasks.add(task);
    const ended = (): void => {
      this.#tasks.delete(task);
    };
    task.then(ended, ended);
    return task;
  }

  /** Resolves when none is left, those included that are added while it waits. Never rejects. */
  async settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.allSettled(this.#tasks);
  }
}
