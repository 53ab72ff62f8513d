/** When the manager stored a stop or disable of a mirror: a report made before must not undo it. */
export class StopTimes {
  readonly #times = new Map<string, Map<string, number>>();

  /** @param time - milliseconds since the Unix epoch */
  set(worker: string, mirror: string, time: number): void {
    let times = this.#times.get(worker);
    if (times === undefined) this.#times.set(worker, (times = new Map<string, number>()));
    times.set(mirror, time);
  }

  get(worker: string, mirror: string): number | undefined {
    return this.#times.get(worker)?.get(mirror);
  }

  /** The mirror, or all of the worker's mirrors, were started again or are gone. */
  clear(worker: string, mirror?: string): void {
    const times = this.#times.get(worker);
    if (times === undefined) return;
    if (mirror !== undefined) times.delete(mirror);
    if (mirror === undefined || times.size === 0) this.#times.delete(worker);
  }
}
