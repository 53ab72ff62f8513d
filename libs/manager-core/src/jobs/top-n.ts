/** The first few of many, in order, without sorting all of them; those that are equal stay in the order in which they came. */
export class TopN<T> {
  readonly list: T[] = [];
  /** How many there are in all. */
  total = 0;
  readonly #most: number;
  readonly #compare: (one: T, other: T) => number;

  /** @param compare - less than zero when the first one comes before the other */
  constructor(most: number, compare: (one: T, other: T) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  add(item: T): void {
    this.total += 1;
    const last = this.list.at(-1);
    if (this.list.length >= this.#most && last !== undefined && this.#compare(item, last) >= 0) return;
    let at = this.list.length;
    for (let before = this.list[at - 1]; before !== undefined && this.#compare(item, before) < 0;) {
      at -= 1;
      before = this.list[at - 1];
    }
    this.list.splice(at, 0, item);
    if (this.list.length > this.#most) this.list.pop();
  }
}
