import { setMaxListeners } from 'node:events';
import type { Clock, ClockTimer } from '@tunasync/protocol';
import { TransportFailure } from '../transport/transport.js';
import { AbortedError, BadReplyError, TimeoutError, UnreachableError } from './errors.js';
import { explain } from './explain.js';

/** The reasons for which a request was aborted: its time limit was reached, or its answer paused for too long. */
const timeUp = Symbol('time up');
const silence = Symbol('silence');

/** Ends a request early, on behalf of the caller, the client or a time limit. */
export class RequestEnding {
  readonly #clock: Clock;
  readonly #address: string;
  readonly #sources: AbortSignal[];
  readonly #ending = new AbortController();
  #timer: ClockTimer | undefined;
  #ms = 0;

  /**
   * @param sources - each of them aborts the request
   * @param timeoutMs - time limit, until {@link disarm} is called
   */
  constructor(
    clock: Clock,
    address: string,
    sources: readonly (AbortSignal | undefined)[],
    timeoutMs: number,
  ) {
    this.#clock = clock;
    this.#address = address;
    this.#sources = sources.filter((source) => source !== undefined);
    this.#arm(timeoutMs, timeUp);
    for (const source of this.#sources) {
      if (source.aborted) this.#giveUp();
      // one listener per running request is no leak, so there is no warning
      setMaxListeners(0, source);
      source.addEventListener('abort', this.#giveUp, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Removes the time limit. */
  disarm(): void {
    this.#timer?.cancel();
  }

  /** Removes the time limit and all listeners. Call it when the request has ended. */
  release(): void {
    this.disarm();
    for (const source of this.#sources) source.removeEventListener('abort', this.#giveUp);
  }

  /** Aborts the request because its answer is no longer needed. */
  abandon(): void {
    this.release();
    this.#giveUp();
  }

  /** Yields the chunks of a body and waits at most `idleMs` for each one. The request ends with the body. */
  async *guard(body: AsyncIterable<Uint8Array>, idleMs: number): AsyncGenerator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        // the time that the reader takes does not count
        this.#arm(idleMs, silence);
        const next = await chunks.next();
        this.disarm();
        if (next.done === true) return;
        yield next.value;
      }
    } catch (error) {
      throw this.explain(error);
    } finally {
      this.release();
      await chunks.return?.();
    }
  }

  /** Converts an error of a transport to an error of the client; other errors are returned unchanged. */
  explain(error: unknown): unknown {
    if (!(error instanceof TransportFailure)) return error;
    const { aborted } = this.signal;
    const cause: unknown = this.signal.reason;
    const seconds = `${this.#ms / 1000} s`;
    if (cause === silence) return new UnreachableError(this.#address, 'timeout', `no data for ${seconds}`);
    if (cause === timeUp) {
      if (error.connected) return new TimeoutError(this.#address, this.#ms);
      return new UnreachableError(this.#address, 'timeout', `no connection within ${seconds}`);
    }
    if (aborted) return new AbortedError(this.#address);
    if (isNotHttp(error.cause)) return new BadReplyError(this.#address, 'it is not HTTP', error.cause);
    const { reason, why } = explain(error.cause);
    return new UnreachableError(this.#address, reason, why, error.cause);
  }

  readonly #giveUp = (): void => {
    this.#ending.abort();
  };

  #arm(ms: number, reason: symbol): void {
    this.#ms = ms;
    this.#timer = this.#clock.after(ms, () => {
      this.#ending.abort(reason);
    });
  }
}

/** Whether an error is one of Node's HTTP parser. */
function isNotHttp(cause: unknown): boolean {
  return (cause as { code?: string } | undefined)?.code?.startsWith('HPE_') ?? false;
}
