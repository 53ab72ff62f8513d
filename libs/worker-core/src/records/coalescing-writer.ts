import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock, type ClockTimer } from '@tunasync/protocol';
import { backoffMs } from '@tunasync/util';
import type { KeyValue, KeyValueOperation } from './key-value.js';

/** Longest wait before it is tried again to write, milliseconds: a disk is asked at no cost, and a crash meanwhile loses much. */
const longestWaitMs = 5_000;

/** What a {@link CoalescingWriter} is made of. */
export interface CoalescingWriterOptions {
  kv: Pick<KeyValue, 'write'>;
  logger: Logger;
  /** What is being written, for messages: `job records`. */
  what: string;
  /** @defaultValue the machine's clock */
  clock?: Clock;
}

/**
 * Writes keys behind its caller's back: one batch for all that came while the last one was under way, of each key
 * only the latest value. What could not be written stays and is tried again; the first failure of a streak is logged.
 */
export class CoalescingWriter {
  readonly #kv: Pick<KeyValue, 'write'>;
  readonly #logger: Logger;
  readonly #what: string;
  readonly #clock: Clock;
  #pending = new Map<string, string | undefined>();
  #waiters: (() => void)[] = [];
  #running = false;
  #stopped = false;
  #failures = 0;
  #retry: ClockTimer | undefined;

  constructor(options: CoalescingWriterOptions) {
    this.#kv = options.kv;
    this.#logger = options.logger;
    this.#what = options.what;
    this.#clock = options.clock ?? systemClock;
  }

  /** Keeps `value` under `key`; undefined removes the key. The write is under way when this returns. */
  put(key: string, value: string | undefined): void {
    if (this.#stopped) return;
    this.#pending.set(key, value);
    if (this.#retry === undefined) this.#begin();
  }

  /** Resolves when everything put so far is on disk, or has been tried and failed. Calls resolve in their order. */
  flush(): Promise<void> {
    if (!this.#running && this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#begin();
    });
  }

  /** A last attempt at what is left; later calls of `put` do nothing. */
  async close(): Promise<void> {
    this.#stopped = true;
    await this.flush();
    this.#retry?.cancel();
    this.#retry = undefined;
    if (this.#pending.size > 0) {
      this.#logger.error(`${this.#pending.size} ${this.#what} could not be written and are lost`);
      this.#pending.clear();
    }
  }

  #begin(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
    if (this.#running) return;
    this.#running = true;
    // one turn later, so that what is put in one go is written in one go
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    let working = true;
    while (working && (this.#pending.size > 0 || this.#waiters.length > 0)) {
      const batch = this.#pending;
      const waiters = this.#waiters;
      this.#pending = new Map();
      this.#waiters = [];
      if (batch.size > 0) working = await this.#write(batch);
      for (const resolve of waiters) resolve();
    }
    this.#running = false;
    if (working) return;
    // those who came while the failing batch was under way are answered by the next attempt
    if (this.#waiters.length > 0) this.#begin();
    else if (!this.#stopped) {
      this.#retry = this.#clock.after(backoffMs(this.#failures, { maxMs: longestWaitMs }), () => {
        this.#begin();
      });
    }
  }

  async #write(batch: Map<string, string | undefined>): Promise<boolean> {
    try {
      await this.#kv.write([...batch].map(([key, value]) => operation(key, value)));
    } catch (error) {
      for (const [key, value] of batch) if (!this.#pending.has(key)) this.#pending.set(key, value);
      this.#failures += 1;
      if (this.#failures === 1) {
        this.#logger.error(`cannot write ${this.#what}, trying again: ${messageOf(error)}`);
      }
      return false;
    }
    if (this.#failures > 0) this.#logger.notice(`${this.#what} are written again`);
    this.#failures = 0;
    return true;
  }
}

function operation(key: string, value: string | undefined): KeyValueOperation {
  return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
}
