import { IndexedHeap } from '@tunasync/scheduler';

/** More than will ever enter: what separates one priority from the next in a rank. */
const ranksOfPriority = 2 ** 40;

/** The place of one that entered as the `order`-th: higher priorities first, the first one first among equals. */
export function rankOf(priority: number, order: number): number {
  const clamped = Math.min(100, Math.max(0, Math.round(priority)));
  return (100 - clamped) * ranksOfPriority + order;
}

/** Those who wait for a slot and sync from one host, or from any without a limit. */
export class Line<T> {
  /** Empty: all hosts without a limit. */
  readonly host: string;
  readonly limit: number;
  /** By rank. */
  readonly queue = new IndexedHeap<T>();
  /** Runs of the host that are under way. */
  running = 0;
  /** Whether those who wait were told that they wait for the host. */
  toldFull = false;

  constructor(host: string, limit: number) {
    this.host = host;
    this.limit = limit;
  }

  get full(): boolean {
    return this.running >= this.limit;
  }
}

/** One line for each host with a limit, and one for all others. */
export class Lines<T> {
  readonly #others = new Line<T>('', Infinity);
  readonly #limited = new Map<string, Line<T>>();

  /** @param limits - by host, in any case; at least 1 */
  constructor(limits: Readonly<Record<string, number>>) {
    for (const [name, limit] of Object.entries(limits)) {
      const host = name.toLowerCase();
      this.#limited.set(host, new Line(host, Math.max(1, limit)));
    }
  }

  get size(): number {
    let size = this.#others.queue.size;
    for (const line of this.#limited.values()) size += line.queue.size;
    return size;
  }

  of(host: string): Line<T> {
    return this.#limited.get(host.toLowerCase()) ?? this.#others;
  }

  /** Who is next among those whose host has room. */
  first(): T | undefined {
    let best = this.#others.queue.peek();
    for (const line of this.#limited.values()) {
      const head = line.full ? undefined : line.queue.peek();
      if (head !== undefined && (best === undefined || head.at < best.at)) best = head;
    }
    return best?.key;
  }

  /** Lines whose waiting ones have another reason to wait than they were told. */
  changed(): Line<T>[] {
    return [...this.#limited.values()].filter((line) => line.full !== line.toldFull);
  }
}
