import type { Clock, ClockTimer } from '@tunasync/protocol';
import { FakeClock } from './fake-clock.js';

/**
 * A {@link FakeClock} that can be set as a machine's clock can: what it shows changes, and timers, which count the
 * time that really passes, notice nothing.
 */
export class SettableClock implements Clock {
  /** Moves the time that really passes. */
  readonly inner: FakeClock;
  /** Milliseconds that the clock is ahead of what it was before it was set. */
  skew = 0;
  /** Timers that were ever armed. */
  armed = 0;

  /** @param start - milliseconds since the Unix epoch */
  constructor(start?: number) {
    this.inner = new FakeClock(start);
  }

  now(): number {
    return this.inner.now() + this.skew;
  }

  after(ms: number, callback: () => void): ClockTimer {
    this.armed++;
    return this.inner.after(ms, callback);
  }

  /** Sets the clock. @param now - milliseconds since the Unix epoch */
  set(now: number): void {
    this.skew = now - this.inner.now();
  }
}
