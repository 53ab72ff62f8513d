import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock, type ClockTimer } from '@tunasync/protocol';
import type { KvOp } from '@tunasync/store';
import { backoffMs } from '@tunasync/util';
import type { KeyValue } from './key-value.js';

/** Longest wait before another attempt, milliseconds: an attempt costs little, and a crash before it loses much. */
const longestWaitMs = 5_000;

/** Options of {@link StateWriter}. */
export interface StateWriterOptions {
  kv: Pick<KeyValue, 'write'>;
  logger: Logger;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
}

/**
 * Writes changes of the state in their order. The store groups those that arrive while it is busy.
 *
 * After a failure (a full disk, say) everything that is not on disk is written as one batch, with the latest value of
 * each key, until that succeeds. So the disk never holds a later change without the earlier ones. Only the first
 * failure of a streak is logged.
 */
export class StateWriter {
  readonly #kv: Pick<KeyValue, 'write'>;
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** The latest change of each key that is not on disk. */
  readonly #unwritten = new Map<string, KvOp>();
  #last: Promise<void> | undefined;
  #failures = 0;
  /** The attempt in progress after a failure, and the one that follows it. */
  #attempt: Promise<void> | undefined;
  #nextAttempt: Promise<void> | undefined;
  #timer: ClockTimer | undefined;
  #closed = false;

  constructor({ kv, logger, clock = systemClock }: StateWriterOptions) {
    this.#kv = kv;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Resolves when the changes are on disk, or one attempt has failed. They are on disk together or not at all. */
  write(changes: readonly KvOp[]): Promise<void> {
    if (this.#closed) return Promise.resolve();
    for (const change of changes) this.#unwritten.set(change.key, change);
    return this.#remember(this.#failures > 0 ? this.#writeAll() : this.#write(changes));
  }

  /** Resolves when all changes so far are on disk, or an attempt at each has failed. Undefined: that is so already. */
  settled(): Promise<void> | undefined {
    return this.#last;
  }

  /** Makes a last attempt at what is not on disk; later calls of `write` do nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    if (this.#unwritten.size > 0) await this.#writeAll();
    this.#cancelTimer();
    if (this.#unwritten.size > 0) {
      this.#logger.error(
        `${this.#unwritten.size} changes of the worker's state were not written and are lost`,
      );
      this.#unwritten.clear();
    }
  }

  #remember(written: Promise<void>): Promise<void> {
    this.#last = written;
    void written.then(() => {
      if (this.#last === written) this.#last = undefined;
    });
    return written;
  }

  /** Writes all that is not on disk. Callers during an attempt share the next one. */
  #writeAll(): Promise<void> {
    this.#cancelTimer();
    this.#nextAttempt ??= (this.#attempt ?? Promise.resolve()).then(() => {
      this.#attempt = this.#nextAttempt;
      this.#nextAttempt = undefined;
      return this.#write([...this.#unwritten.values()], true);
    });
    return this.#nextAttempt;
  }

  /** @param all - the changes are all that is not on disk */
  async #write(changes: readonly KvOp[], all = false): Promise<void> {
    try {
      await this.#kv.write(changes);
    } catch (error) {
      this.#failed(error);
      return;
    }
    for (const change of changes) {
      // a newer value may be waiting
      if (this.#unwritten.get(change.key) === change) this.#unwritten.delete(change.key);
    }
    if (!all) return;
    if (this.#failures > 0) this.#logger.notice("the worker's state is written again");
    this.#failures = 0;
    this.#cancelTimer();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1) {
      this.#logger.error(`cannot write the worker's state, trying again: ${messageOf(error)}`);
    }
    if (this.#closed) return;
    this.#timer ??= this.#clock.after(backoffMs(this.#failures, { maxMs: longestWaitMs }), () => {
      this.#timer = undefined;
      void this.#remember(this.#writeAll());
    });
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
