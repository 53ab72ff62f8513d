import type { Clock, ClockTimer } from '@tunasync/protocol';

interface Armed {
  due: number;
  order: number;
  callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #armed = new Set<Armed>();

  /** @param start - milliseconds since the Unix epoch. */
  constructor(start = Date.parse('2026-11-23T12:00:00Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): ClockTimer {
    const armed = { due: this.#now + ms, order: this.#order++, callback };
    this.#armed.add(armed);
    return { cancel: () => void this.#armed.delete(armed) };
  }

  /** Timers that have not fired yet. */
  get pending(): number {
    return this.#armed.size;
  }

  /** When the next timer fires, if one is armed. */
  get nextDue(): number | undefined {
    return this.#next()?.due;
  }

  /** Jumps to a time without firing what lies between, as a machine's clock does when it is set. */
  jumpTo(now: number): void {
    this.#now = now;
  }

  /** Moves on by `ms`, firing timers in order; work that a timer started is given a turn before the next fires. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    for (let next = this.#next(); next !== undefined && next.due <= target; next = this.#next()) {
      this.#armed.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settle();
    }
    this.#now = Math.max(this.#now, target);
    await settle();
  }

  #next(): Armed | undefined {
    let first: Armed | undefined;
    for (const armed of this.#armed) {
      if (
        first === undefined ||
        armed.due < first.due ||
        (armed.due === first.due && armed.order < first.order)
      ) {
        first = armed;
      }
    }
    return first;
  }
}

/** Lets promises and immediates that are ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
