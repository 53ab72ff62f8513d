import type { Writable } from 'node:stream';
import Transport from 'winston-transport';

/** Where winston leaves the formatted line. Source: triple-beam, `MESSAGE`. */
const lineKey = Symbol.for('message');

/** A reader that went away (`EPIPE` of `daemon | head`) ends the log, not the daemon. */
function ignoreStreamError(): void {
  // writes report the same error to their callback
}

/**
 * Hands lines to a stream at once and knows when they have left the process.
 *
 * Unlike winston's own stream transport it can be waited for and survives a broken stream. A stream that cannot
 * keep up buffers: log lines are few, and none is worth losing or waiting for.
 */
export class StreamTransport extends Transport {
  readonly #stream: Writable;
  #unwritten = 0;
  #waiting: (() => void)[] = [];

  constructor(stream: Writable) {
    super();
    this.#stream = stream;
    if (!stream.listeners('error').includes(ignoreStreamError)) stream.on('error', ignoreStreamError);
  }

  /** winston accepted a line that will come through {@link StreamTransport.log}. */
  expectLine(): void {
    this.#unwritten++;
  }

  override log(info: Readonly<Record<symbol, unknown>>, next: () => void): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.writableEnded) {
      this.#written();
      next();
      return;
    }
    stream.write(`${String(info[lineKey])}\n`, () => {
      this.#written();
    });
    next();
  }

  /** Resolves when every line so far was written, or cannot be any more. */
  flushed(): Promise<void> {
    if (this.#unwritten === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #written(): void {
    if (--this.#unwritten > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
