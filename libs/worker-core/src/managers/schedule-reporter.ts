import type { Logger } from '@tunasync/logger';
import { messageOf, type Clock, type ClockTimer, type MirrorSchedule } from '@tunasync/protocol';
import type { ManagerApi } from './manager-api.js';
import type { ManagerSession, SessionClient } from './manager-session.js';
import type { OutboxQueue } from './outbox-queue.js';

/** Parts of {@link ScheduleReporter}. */
export interface ScheduleReporterParts {
  address: string;
  api: ManagerApi;
  workerId: string;
  session: ManagerSession;
  logger: Logger;
  clock: Clock;
  /** Its reports go before the schedule. */
  queue: OutboxQueue;
  /** Shortest time between two posts, milliseconds. */
  gapMs: number;
}

/** Milliseconds that a schedule post may take: old managers write each entry on its own. */
const timeoutMs = 30_000;

/** Posts the latest schedule to a manager, after the reports that came before it. */
export class ScheduleReporter implements SessionClient {
  readonly #parts: ScheduleReporterParts;
  #waiting: (() => MirrorSchedule[]) | undefined;
  #latest: (() => MirrorSchedule[]) | undefined;
  #notBefore = 0;
  #posting = false;
  #timer: ClockTimer | undefined;

  constructor(parts: ScheduleReporterParts) {
    this.#parts = parts;
  }

  get posting(): boolean {
    return this.#posting;
  }

  /** The schedule changed. */
  set(current: () => MirrorSchedule[]): void {
    this.#latest = current;
    this.#waiting = current;
    this.#parts.queue.setBarrier();
  }

  /** The manager lost its schedule: it is posted again. */
  forgot(): void {
    this.#repeat();
  }

  /** Whether it is time to post. @param wake - called at the end of the gap, when only the gap prevents a post */
  isDue(wake: () => void): boolean {
    const { clock, queue, gapMs } = this.#parts;
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

  /** Posts the schedule; never rejects. */
  async post(): Promise<void> {
    const { address, api, workerId, session, logger, clock, gapMs } = this.#parts;
    const current = this.#waiting;
    if (current === undefined) return;
    this.#waiting = undefined;
    this.#posting = true;
    this.#notBefore = clock.now() + gapMs;
    const { kind, error } = await session.request((signal) =>
      api.reportSchedules(workerId, { schedules: current() }, { signal, timeoutMs }),
    );
    this.#posting = false;
    if (kind === 'refused') {
      logger.warn(`the manager refuses the schedule: ${messageOf(error)}`, { manager: address });
    } else if (kind !== 'taken') {
      this.#repeat();
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = undefined;
  }

  #repeat(): void {
    if (this.#latest !== undefined) this.set(this.#latest);
  }
}
