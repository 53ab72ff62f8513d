/** Time over which the rate is smoothed, in milliseconds. */
const smoothing = 10_000;

/** Bytes per second, smoothed exponentially. */
export class Rate {
  #last: { at: number; bytes: number } | undefined;
  #value: number | undefined;

  /** Takes what has been received by now; undefined until two moments are known. */
  take(at: number, bytes: number): number | undefined {
    const last = this.#last;
    const elapsed = last === undefined ? 0 : at - last.at;
    // a clock that was set back begins anew
    if (last === undefined || elapsed <= 0) {
      if (last === undefined || elapsed < 0) this.#last = { at, bytes };
      return this.#value;
    }
    this.#last = { at, bytes };
    const now = (Math.max(0, bytes - last.bytes) * 1000) / elapsed;
    const weight = 1 - Math.exp(-elapsed / smoothing);
    this.#value = this.#value === undefined ? now : this.#value + (now - this.#value) * weight;
    return this.#value;
  }
}

/** So far back the pace is measured, in milliseconds, and at least over so long a time. */
const longestPace = 180_000;
const shortestPace = 5_000;

/** How much time a share of work is going to take, by its pace in the last minutes. */
export class Remaining {
  readonly #samples: { at: number; done: number }[] = [];

  /** @param done - share of the work that is done, 0 to 1 */
  take(at: number, done: number): void {
    const last = this.#samples.at(-1);
    // neither a clock that was set back nor a list that grew tells anything of the pace
    if (last !== undefined && (at < last.at || done < last.done)) this.#samples.length = 0;
    this.#samples.push({ at, done });
    while (at - (this.#samples[1]?.at ?? at) >= longestPace) this.#samples.shift();
  }

  /** Seconds; undefined while the pace is unknown. */
  seconds(now: number): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < shortestPace) return undefined;
    const pace = (last.done - first.done) / (last.at - first.at);
    if (pace <= 0) return undefined;
    return Math.max(0, ((1 - last.done) / pace - (now - last.at)) / 1000);
  }
}
