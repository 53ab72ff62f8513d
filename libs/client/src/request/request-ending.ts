import { setMaxListeners } from 'node:events';
import type { Clock, ClockTimer } from '@tunasync/protocol';
import { TransportFailure } from '../transport/transport.js';
import { AbortedError, BadReplyError, TimeoutError, UnreachableError } from './errors.js';
import { explain } from './explain.js';

/** Why a request was ended: its time was up, or nothing more of its answer came. */
const timeUp = Symbol('time up');
const silence = Symbol('silence');

/** What ends a request early: the caller, the client, or the time. */
export class RequestEnding {
  readonly #clock: Clock;
  readonly #address: string;
  readonly #sources: AbortSignal[];
  readonly #ending = new AbortController();
  #timer: ClockTimer | undefined;
  #ms = 0;

  /**
   * @param sources - any of these gives the request up
   * @param timeoutMs - until {@link disarm} is called
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
      // as many listeners as there are requests under way: no leak, so no warning
      setMaxListeners(0, source);
      source.addEventListener('abort', this.#giveUp, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** There is no hurry any more. */
  disarm(): void {
    this.#timer?.cancel();
  }

  /** The request is over, however it ended. */
  release(): void {
    this.disarm();
    for (const source of this.#sources) source.removeEventListener('abort', this.#giveUp);
  }

  /** Ends the request, whose answer nobody wants any more. */
  abandon(): void {
    this.release();
    this.#giveUp();
  }

  /** A body on which somebody waits for at most `idleMs` each time; the request is over with it. */
  async *guard(body: AsyncIterable<Uint8Array>, idleMs: number): AsyncGenerator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        // a reader may take as long as it likes
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

  /** The client's error for one of a transport; others stay as they are. */
  explain(error: unknown): unknown {
    if (!(error instanceof TransportFailure)) return error;
    const { aborted } = this.signal;
    const cause: unknown = this.signal.reason;
    const seconds = `${this.#ms / 1000} s`;
    if (cause === silence)
      return new UnreachableError(this.#address, 'timeout', `nothing came for ${seconds}`);
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

/** Whether it is one of the codes of Node's HTTP parser. */
function isNotHttp(cause: unknown): boolean {
  return (cause as { code?: string } | undefined)?.code?.startsWith('HPE_') ?? false;
}
