import { messageOf, type Clock, type ClockTimer } from '@tunasync/protocol';
import { IndexedHeap } from './indexed-heap.js';

/** Where a {@link Scheduler} tells what went wrong; any logger has these methods. */
export interface SchedulerLogger {
  warn(message: string): void;
  error(message: string): void;
}

/** What {@link Scheduler} is made of. */
export interface SchedulerOptions<K> {
  clock: Clock;
  /**
   * Takes every key that has become due, in due order, in one call. The keys are no longer scheduled then.
   * Never called from within `set` or `start`.
   */
  onDue: (keys: K[]) => void;
  /** Told about an `onDue` that throws and about a clock that was set back. @defaultValue warnings of the process */
  logger?: SchedulerLogger;
}

/** Longest time without a look at the clock, in milliseconds: so late at most is a clock noticed that was set forward. */
const longestNap = 60_000;

/**
 * Keeps keys with due times and hands all that are due over at once. One timer serves all of them.
 *
 * Times are those of the machine's clock. When it is set forward, what has become due is handed over within a
 * minute; when it is set back by more than a minute, every key keeps its distance from now, so that nothing is
 * put off.
 */
export class Scheduler<K> {
  readonly #clock: Clock;
  readonly #onDue: (keys: K[]) => void;
  readonly #logger: SchedulerLogger | undefined;
  readonly #heap = new IndexedHeap<K>();
  #running = false;
  #timer: ClockTimer | undefined;
  /** When the armed timer fires. */
  #wakeAt = Infinity;
  #armedThisTurn = false;
  /** Latest time that was seen, by which a clock that was set back is noticed. */
  #seen = -Infinity;

  constructor({ clock, onDue, logger }: SchedulerOptions<K>) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#logger = logger;
  }

  /** Number of keys that are scheduled. */
  get size(): number {
    return this.#heap.size;
  }

  /** When `key` is due, in milliseconds since the Unix epoch; undefined when it is not scheduled. */
  at(key: K): number | undefined {
    return this.#heap.get(key);
  }

  /** All keys and their times, in no particular order. */
  entries(): [key: K, at: number][] {
    return [...this.#heap.entries()];
  }

  /**
   * Schedules `key`, or moves it. A time that has passed makes it due in the next turn.
   *
   * @param at - milliseconds since the Unix epoch
   * @throws `SCHEDULE_TIME_INVALID` when `at` is not a finite number
   */
  set(key: K, at: number): void {
    this.#look();
    this.#heap.set(key, at);
    if (this.#running && at < this.#wakeAt) this.#armSoon();
  }

  /** Takes `key` off the schedule. @returns whether it was on it */
  remove(key: K): boolean {
    const removed = this.#heap.remove(key);
    // a timer that is too early costs one look at the clock; a process without work should be able to end
    if (this.#heap.size === 0) this.#disarm();
    return removed;
  }

  /** Begins to hand over what is due. Does nothing when it has begun. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#look();
    this.#arm();
  }

  /** Hands nothing over any more and leaves no timer; the keys stay. Does nothing when it is stopped. */
  stop(): void {
    this.#running = false;
    this.#disarm();
  }

  /** {@link stop}, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /** Arms at once for the first key of a turn, and once more at the turn's end for all that follow. */
  #armSoon(): void {
    if (!this.#armedThisTurn) {
      this.#armedThisTurn = true;
      this.#arm();
      queueMicrotask(() => {
        this.#armedThisTurn = false;
        const first = this.#heap.peek();
        if (this.#running && first !== undefined && first.at < this.#wakeAt) this.#arm();
      });
    }
  }

  #arm(): void {
    this.#disarm();
    const first = this.#heap.peek();
    if (first === undefined) return;
    const now = this.#clock.now();
    const nap = Math.min(Math.max(first.at - now, 0), longestNap);
    this.#wakeAt = now + nap;
    this.#timer = this.#clock.after(nap, () => {
      this.#timer = undefined;
      this.#wake();
    });
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#wakeAt = Infinity;
  }

  #wake(): void {
    // the timer counts true time: where the clock should stand now at least
    this.#seen = Math.max(this.#seen, this.#wakeAt);
    const now = this.#look();
    this.#wakeAt = Infinity;
    const due: K[] = [];
    for (let first = this.#heap.peek(); first !== undefined && first.at <= now; first = this.#heap.peek()) {
      this.#heap.pop();
      due.push(first.key);
    }
    if (due.length > 0) this.#handOver(due);
    // onDue may have stopped the scheduler, or armed it for a key that it set
    if (this.#running && this.#timer === undefined) this.#arm();
  }

  #handOver(due: K[]): void {
    try {
      this.#onDue(due);
    } catch (error) {
      this.#report(
        'error',
        `due jobs could not be handed over (${due.map(String).join(', ')}): ${messageOf(error)}`,
      );
    }
  }

  /** Reads the clock and moves the keys along when it was set back. */
  #look(): number {
    const now = this.#clock.now();
    const back = this.#seen - now;
    if (back > longestNap) {
      this.#heap.shift(-back);
      if (this.#timer !== undefined) this.#wakeAt -= back;
      this.#report(
        'warn',
        `the clock was set back by ${Math.round(back / 1000)} s: the schedule moves along`,
      );
      this.#seen = now;
    } else {
      this.#seen = Math.max(this.#seen, now);
    }
    return now;
  }

  #report(level: 'warn' | 'error', message: string): void {
    if (this.#logger === undefined) process.emitWarning(message, 'TunasyncScheduler');
    else this.#logger[level](message);
  }
}
