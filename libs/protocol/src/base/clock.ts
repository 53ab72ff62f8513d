/** A timer that a {@link Clock} armed. */
export interface ClockTimer {
  /** Disarms the timer. Has no effect after the timer has fired or was cancelled. */
  cancel(): void;
}

/** Source of time for an engine. A fake clock lets a test run through a day in milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Calls `callback` once, `ms` milliseconds from now (any non-negative number, also beyond the 2^31 ms that
   * `setTimeout` takes). The timer does not keep the process alive when `unref` is set.
   */
  after(ms: number, callback: () => void, options?: { unref?: boolean }): ClockTimer;
}

/** The longest delay that `setTimeout` takes; longer ones fire at once. Source: Node's timers documentation. */
const longestDelay = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback, options = {}) {
    const due = Date.now() + ms;
    let timer: ReturnType<typeof setTimeout>;
    const arm = (delay: number): void => {
      timer = setTimeout(
        () => {
          const rest = due - Date.now();
          if (delay > longestDelay && rest > 0) arm(rest);
          else callback();
        },
        Math.min(delay, longestDelay),
      );
      if (options.unref === true) timer.unref();
    };
    arm(ms);
    return {
      cancel: () => {
        clearTimeout(timer);
      },
    };
  },
};
