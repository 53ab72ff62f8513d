/** A place in a {@link WaitingLine}. */
export interface LineEntry<T> {
  readonly value: T;
  before: LineEntry<T> | undefined;
  after: LineEntry<T> | undefined;
  inLine: boolean;
}

/** First in, first out, and anybody may leave from anywhere, all at the same cost: a doubly linked list. */
export class WaitingLine<T> {
  #first: LineEntry<T> | undefined;
  #last: LineEntry<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Joins at the end. */
  add(value: T): LineEntry<T> {
    const entry: LineEntry<T> = { value, before: this.#last, after: undefined, inLine: true };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.after = entry;
    this.#last = entry;
    this.#length++;
    return entry;
  }

  /** Takes out the one that has waited longest. */
  shift(): T | undefined {
    const first = this.#first;
    this.remove(first);
    return first?.value;
  }

  /** Takes one out; one that has left before is left as it is. */
  remove(entry: LineEntry<T> | undefined): void {
    if (entry?.inLine !== true) return;
    entry.inLine = false;
    this.#length--;
    if (entry.before === undefined) this.#first = entry.after;
    else entry.before.after = entry.after;
    if (entry.after === undefined) this.#last = entry.before;
    else entry.after.before = entry.before;
  }
}
