import { TunasyncError } from '@tunasync/protocol';

/** A key and when it is due. */
export interface HeapEntry<K> {
  key: K;
  /** Milliseconds since the Unix epoch. */
  at: number;
}

interface Node<K> extends HeapEntry<K> {
  /** Number of the insertion: equal times keep their order. */
  order: number;
  /** Position in the heap's array. */
  index: number;
}

const before = (a: HeapEntry<unknown> & { order: number }, b: typeof a): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * A binary min-heap of keys by due time that also finds each key directly.
 *
 * A key is in it at most once; keys of the same time leave in the order in which they got that time. `set`,
 * `remove` and `pop` cost O(log n), everything else O(1).
 */
export class IndexedHeap<K> {
  readonly #heap: Node<K>[] = [];
  readonly #nodes = new Map<K, Node<K>>();
  #order = 0;

  /** Number of keys. */
  get size(): number {
    return this.#heap.length;
  }

  /** Whether `key` is in the heap. */
  has(key: K): boolean {
    return this.#nodes.has(key);
  }

  /** When `key` is due; undefined when it is not in the heap. */
  get(key: K): number | undefined {
    return this.#nodes.get(key)?.at;
  }

  /**
   * Adds `key`, or moves it to another time. A key that is set to the time that it has keeps its place.
   *
   * @param at - milliseconds since the Unix epoch
   * @throws {@link TunasyncError} `SCHEDULE_TIME_INVALID` when `at` is not a finite number
   */
  set(key: K, at: number): void {
    if (!Number.isFinite(at)) {
      throw new TunasyncError('SCHEDULE_TIME_INVALID', `the due time of '${String(key)}' is ${at}`);
    }
    let node = this.#nodes.get(key);
    if (node?.at === at) return;
    if (node === undefined) {
      node = { key, at, order: this.#order++, index: this.#heap.length };
      this.#heap.push(node);
      this.#nodes.set(key, node);
    } else {
      node.at = at;
      node.order = this.#order++;
    }
    this.#settle(node);
  }

  /** The key that is due first; undefined when the heap is empty. */
  peek(): HeapEntry<K> | undefined {
    const first = this.#heap[0];
    return first && { key: first.key, at: first.at };
  }

  /** Takes out the key that is due first; undefined when the heap is empty. */
  pop(): HeapEntry<K> | undefined {
    const first = this.peek();
    if (first !== undefined) this.remove(first.key);
    return first;
  }

  /** Takes out `key`. @returns whether it was there */
  remove(key: K): boolean {
    const node = this.#nodes.get(key);
    if (node === undefined) return false;
    this.#nodes.delete(key);
    const last = this.#heap.pop();
    if (last !== undefined && last !== node) {
      this.#place(last, node.index);
      this.#settle(last);
    }
    return true;
  }

  /** Moves every key by the same time; the order stays. Costs O(n). @param ms - milliseconds, may be negative */
  shift(ms: number): void {
    for (const node of this.#heap) node.at += ms;
  }

  /** All keys and their times, in no particular order. */
  *entries(): Generator<[key: K, at: number], void, void> {
    for (const { key, at } of this.#heap) yield [key, at];
  }

  #place(node: Node<K>, index: number): void {
    this.#heap[index] = node;
    node.index = index;
  }

  #settle(node: Node<K>): void {
    if (!this.#rise(node)) this.#sink(node);
  }

  #rise(node: Node<K>): boolean {
    const from = node.index;
    while (node.index > 0) {
      const index = node.index;
      const parent = this.#heap[(index - 1) >> 1];
      if (parent === undefined || !before(node, parent)) break;
      this.#place(node, parent.index);
      this.#place(parent, index);
    }
    return node.index !== from;
  }

  #sink(node: Node<K>): void {
    for (;;) {
      const index = node.index;
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, node)) return;
      this.#place(node, child.index);
      this.#place(child, index);
    }
  }
}
