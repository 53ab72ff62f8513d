/** What changed: a job, only how far it is, or a worker. */
export type FeedKey =
  | { readonly kind: 'job' | 'progress'; readonly worker: string; readonly name: string }
  | { readonly kind: 'worker'; readonly worker: string };

/** Keys, each once. */
export type FeedKeys = ReadonlyMap<string, FeedKey>;

/** Keys that are remembered of batches that are over, in all. */
const mostRemembered = 20_000;

/** Which keys changed in which batch: what a reader has missed is told from it, for as long as it goes back. */
export class ChangeLog {
  #batches: { number: number; keys: FeedKeys }[] = [];
  #remembered = 0;
  #number = 0;
  #pending = new Map<string, FeedKey>();

  /** Number of the last batch. */
  get number(): number {
    return this.#number;
  }

  add(key: FeedKey): void {
    this.#pending.set(JSON.stringify(Object.values(key)), key);
  }

  /** Makes a batch of what was added since the last one. */
  seal(): void {
    this.#number += 1;
    this.#batches.push({ number: this.#number, keys: this.#pending });
    this.#remembered += this.#pending.size;
    this.#pending = new Map();
    while (this.#remembered > mostRemembered) this.#remembered -= this.#batches.shift()?.keys.size ?? 0;
  }

  /** Something changed that is not remembered: who knows the batches so far misses it. */
  forget(): void {
    this.#number += 1;
    this.#batches = [];
    this.#remembered = 0;
    this.#pending = new Map();
  }

  /** All keys of the batches behind a certain one; undefined when that is too long ago. */
  since(number: number): FeedKeys | undefined {
    if (number > this.#number) return undefined;
    const behind = this.#batches.filter((batch) => batch.number > number);
    if (behind.length !== this.#number - number) return undefined;
    return new Map(behind.flatMap(({ keys }) => [...keys]));
  }
}
