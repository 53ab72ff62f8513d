import type { Clock, ClockTimer } from '@tunasync/protocol';
import { backoffMs } from '@tunasync/util';
import type { QueuedReport, ReportQueue } from './outbox-queue.js';

/** What {@link LaneParking} is made of. */
export interface LaneParkingOptions {
  clock: Clock;
  queue: ReportQueue;
  random: () => number;
  /** Called when something may be sent again. */
  wake: () => void;
}

/** Sets mirrors aside whose report the manager could not take, each with its own back-off, so that others go on. */
export class LaneParking {
  readonly #options: LaneParkingOptions;
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, ClockTimer>();

  constructor(options: LaneParkingOptions) {
    this.#options = options;
  }

  park(report: QueuedReport): void {
    const { clock, queue, random, wake } = this.#options;
    const mirror = report.report.mirror;
    const failures = (this.#failures.get(mirror) ?? 0) + 1;
    this.#failures.set(mirror, failures);
    queue.putBack(report, { parked: true });
    const unpark = (): void => {
      this.#timers.delete(mirror);
      queue.unpark(mirror);
      wake();
    };
    this.#timers.set(mirror, clock.after(backoffMs(failures, { random }), unpark, { unref: true }));
  }

  /** The mirror's report has been taken. */
  forget(mirror: string): void {
    this.#failures.delete(mirror);
  }

  /** Every mirror's reports may be sent at once. */
  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#failures.clear();
    this.#options.queue.unpark();
  }
}
