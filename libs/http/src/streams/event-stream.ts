import type { IncomingMessage, ServerResponse } from 'node:http';
import { sseEvent, type Clock, type SseEvent } from '@tunasync/protocol';

/** Milliseconds in which a reader must take something of an answer, however little, before it is disconnected. */
export const slowReaderMs = 120_000;

/** Headers of a stream of server-sent events. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would collect the events otherwise
  'x-accel-buffering': 'no',
  connection: 'close',
} as const;

/**
 * Begins to answer with server-sent events.
 *
 * @returns undefined for a HEAD request, which is answered already
 */
export function openEventStream(request: IncomingMessage, response: ServerResponse): EventStream | undefined {
  response.writeHead(200, eventStreamHeaders);
  if (request.method === 'HEAD') {
    response.end();
    return undefined;
  }
  response.flushHeaders();
  return new EventStream(response);
}

/** A stream of server-sent events to one reader. Writing to a stream that is over does nothing. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #closing = new AbortController();

  constructor(response: ServerResponse) {
    this.#response = response;
    if (response.destroyed) this.#closing.abort();
    else {
      response.once('close', () => {
        this.#closing.abort();
      });
    }
  }

  /** Is aborted when the connection is closed, by either side. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Whether the stream can be written to. */
  get isOpen(): boolean {
    // Node.js leaves `writable` as it is when an answer ends
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** Whether the reader has yet to take what was sent. A sender should wait then, and not fill the memory. */
  get isHeld(): boolean {
    return this.#response.writableNeedDrain;
  }

  /** Sends one event. */
  send(event: SseEvent): void {
    this.write(sseEvent(event));
  }

  /** Sends events that are encoded already. */
  write(text: string): void {
    if (this.isOpen) this.#response.write(text);
  }

  /** Sends a comment: it shows readers and proxies that the stream is alive. */
  ping(): void {
    this.write(':\n\n');
  }

  /** Calls a listener once, when the reader has taken what was sent. @returns a function that removes the listener */
  onceDrained(listener: () => void): () => void {
    this.#response.once('drain', listener);
    return () => {
      this.#response.off('drain', listener);
    };
  }

  /**
   * Resolves when the reader has taken what was sent, when the stream is closed, or when `signal` is aborted. A reader
   * that takes nothing for {@link slowReaderMs} is disconnected.
   */
  drained(clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
    const { closed } = this;
    if (!this.isHeld || signal.aborted || closed.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        forget();
        signal.removeEventListener('abort', done);
        closed.removeEventListener('abort', done);
        resolve();
      };
      const timer = clock.after(slowReaderMs, () => {
        this.destroy();
      });
      const forget = this.onceDrained(done);
      signal.addEventListener('abort', done, { once: true });
      closed.addEventListener('abort', done, { once: true });
    });
  }

  /** Ends the stream. @param last - sent before, such as the reason */
  end(last?: SseEvent): void {
    if (last !== undefined) this.send(last);
    this.#response.end();
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#response.destroy();
  }
}
