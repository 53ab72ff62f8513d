import type { Clock, ClockTimer, MirrorSchedule } from '@tunasync/protocol';
import type { ReportQueue } from './outbox-queue.js';

/** What a {@link ScheduleSlot} is made of. */
export interface ScheduleSlotOptions {
  clock: Clock;
  /** Whose reports go before the schedule. */
  queue: ReportQueue;
  /** Shortest time between two posts, milliseconds. */
  gapMs: number;
  /** Called when the schedule may be posted. */
  wake: () => void;
}

/** The one schedule that a manager has still to be told: the latest, after the reports that came before it. */
export class ScheduleSlot {
  readonly #options: ScheduleSlotOptions;
  #waiting: (() => MirrorSchedule[]) | undefined;
  #latest: (() => MirrorSchedule[]) | undefined;
  #notBefore = 0;
  #posting = false;
  #timer: ClockTimer | undefined;

  constructor(options: ScheduleSlotOptions) {
    this.#options = options;
  }

  /** Whether a post is under way. */
  get posting(): boolean {
    return this.#posting;
  }

  /** The schedule changed. */
  set(current: () => MirrorSchedule[]): void {
    this.#latest = current;
    this.#waiting = current;
    this.#options.queue.setBarrier();
  }

  /** The manager does not have it (any more). */
  repeat(): void {
    if (this.#latest !== undefined) this.set(this.#latest);
  }

  /** Whether it is time to post; when only the gap is in the way, `wake` is called at its end. */
  get due(): boolean {
    const { clock, queue, gapMs, wake } = this.#options;
    if (this.#waiting === undefined || this.#posting || !queue.barrierClear) return false;
    const wait = this.#notBefore - clock.now();
    // a clock that was set back must not hold up the schedule
    if (wait <= 0 || wait > gapMs) return true;
    this.#timer ??= clock.after(
      wait,
      () => {
        this.#timer = undefined;
        wake();
      },
      { unref: true },
    );
    return false;
  }

  /** What to post; the post is under way until {@link posted}. */
  take(): (() => MirrorSchedule[]) | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    this.#waiting = undefined;
    this.#posting = true;
    this.#notBefore = this.#options.clock.now() + this.#options.gapMs;
    return waiting;
  }

  posted(): void {
    this.#posting = false;
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = undefined;
  }
}
