import { messageOf, type Clock, type ClockTimer } from '@tunasync/protocol';
import { IndexedHeap } from './indexed-heap.js';

/** Receives the messages of a {@link Scheduler}; any logger has these methods. */
export interface SchedulerLogger {
  warn(message: string): void;
  error(message: string): void;
}

/** A clock that was set, or a process that stood still, by more than a minute. Milliseconds since the Unix epoch. */
export interface ClockJump {
  /** The expected time. */
  from: number;
  /** The actual time. */
  to: number;
}

/** Options of {@link Scheduler}. */
export interface SchedulerOptions<K> {
  clock: Clock;
  /**
   * Takes every key that has become due, in due order, in one call. The keys are no longer scheduled then.
   * Never called from within `set` or `start`.
   */
  onDue: (keys: K[]) => void;
  /**
   * Called after a jump of the clock, before keys that became due by it are handed over: the moment to `set` the
   * keys again that are due at a time of day. Keys are unchanged, except after the clock was set back: then each
   * keeps its distance from now. Never called from within `set` or `start`.
   *
   * @defaultValue none
   */
  onJump?: (jump: ClockJump) => void;
  /**
   * Receives errors of `onDue` and `onJump`, and a warning when the clock was set back. @defaultValue warnings of
   * the process
   */
  logger?: SchedulerLogger;
}

/** Longest time without a look at the clock, in milliseconds: so late at most is a clock noticed that was set forward. */
const longestNap = 60_000;

/**
 * Keeps keys with due times and hands over all due keys together. One timer serves all of them.
 *
 * Times are those of the machine's clock. When the clock is set forward, keys that have become due are handed over
 * within a minute; when it is set back by more than a minute, every key keeps its distance from now, so that
 * nothing is delayed. `onJump` reports both.
 */
export class Scheduler<K> {
  readonly #clock: Clock;
  readonly #onDue: (keys: K[]) => void;
  readonly #onJump: ((jump: ClockJump) => void) | undefined;
  readonly #logger: SchedulerLogger | undefined;
  readonly #heap = new IndexedHeap<K>();
  #running = false;
  #timer: ClockTimer | undefined;
  /** When the armed timer fires. */
  #wakeAt = Infinity;
  #armedThisTurn = false;
  /** Latest time that was seen, by which a clock that was set back is noticed. */
  #seen = -Infinity;
  /** A jump that `onJump` has not reported yet. */
  #jump: ClockJump | undefined;

  constructor({ clock, onDue, onJump, logger }: SchedulerOptions<K>) {
    this.#clock = clock;
    this.#onDue = onDue;
    this.#onJump = onJump;
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
    if (this.#running && (at < this.#wakeAt || this.#jump !== undefined)) this.#armSoon();
  }

  /** Takes `key` off the schedule. @returns whether it was on it */
  remove(key: K): boolean {
    const removed = this.#heap.remove(key);
    // a timer that is too early costs one look at the clock; a process without work should be able to end
    if (this.#heap.size === 0) this.#disarm();
    return removed;
  }

  /** Starts to hand over due keys. Does nothing when it has started. */
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

  /** Arms immediately for the first key of a turn, and again at the turn's end for all that follow. */
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
    const nap = this.#jump === undefined ? Math.min(Math.max(first.at - now, 0), longestNap) : 0;
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
    const expected = this.#wakeAt;
    this.#seen = Math.max(this.#seen, expected);
    const now = this.#look();
    this.#wakeAt = Infinity;
    if (now - expected > longestNap) this.#jump ??= { from: expected, to: now };
    if (this.#jump !== undefined) this.#tellJump(this.#jump);
    // a listener may have stopped it
    if (this.#running) this.#handOverDue(now);
    // onDue may have stopped the scheduler, or armed it for a key that it set
    if (this.#running && this.#timer === undefined) this.#arm();
  }

  #tellJump(jump: ClockJump): void {
    this.#jump = undefined;
    try {
      this.#onJump?.(jump);
    } catch (error) {
      this.#report('error', `the schedule could not be adapted to a clock that was set: ${messageOf(error)}`);
    }
  }

  #handOverDue(now: number): void {
    const due: K[] = [];
    for (let first = this.#heap.peek(); first !== undefined && first.at <= now; first = this.#heap.peek()) {
      this.#heap.pop();
      due.push(first.key);
    }
    if (due.length > 0) this.#handOver(due);
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
      this.#jump = { from: this.#jump?.from ?? this.#seen, to: now };
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
