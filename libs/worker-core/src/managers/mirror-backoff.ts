import type { Clock, ClockTimer } from '@tunasync/protocol';
import { backoffMs } from '@tunasync/util';
import type { QueuedReport } from '../interfaces/report.js';
import type { OutboxQueue } from './outbox-queue.js';

/** Parts of {@link MirrorBackoff}. */
export interface MirrorBackoffParts {
  clock: Clock;
  queue: OutboxQueue;
  random: () => number;
  /** Called when something may be sent again. */
  wake: () => void;
}

/** Sets mirrors aside whose report the manager could not take, each with its own back-off, so that others proceed. */
export class MirrorBackoff {
  readonly #parts: MirrorBackoffParts;
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, ClockTimer>();

  constructor(parts: MirrorBackoffParts) {
    this.#parts = parts;
  }

  park(report: QueuedReport): void {
    const { clock, queue, random, wake } = this.#parts;
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

  /** The reports of all mirrors may be sent at once. */
  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#failures.clear();
    this.#parts.queue.unpark();
  }
}
