import { systemClock, type Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import type { EventSourceMessage } from 'eventsource-parser';
import { RefusedError, TimeoutError, UnreachableError, type ClientError } from '../request/errors.js';
import { readEvents } from './read-events.js';

/** Options for following a stream of events. */
export interface FollowOptions {
  /** Ends the stream without an error. */
  signal?: AbortSignal | undefined;
  /** Milliseconds until each connection has an answer. @defaultValue the client's */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds of silence after which the connection counts as broken. Servers write every five seconds.
   * @defaultValue 30000
   */
  idleMs?: number | undefined;
  /** Milliseconds before the first retry. Each further wait is twice as long. @defaultValue 500 */
  retryMs?: number | undefined;
  /** The longest wait before a retry, in milliseconds. @defaultValue 10000 */
  maxRetryMs?: number | undefined;
  /** Measures the waits before retries. @defaultValue the machine's */
  clock?: Clock | undefined;
  /**
   * Receives the reason of each lost connection and of each failed retry. It is not called after an `end` event,
   * which has the reason itself.
   */
  onLost?: ((error: ClientError) => void) | undefined;
}

/** The stream that {@link followStream} follows. */
export interface FollowedStream extends FollowOptions {
  /** The address for messages. */
  address: string;
  /** The id of the last event that is already known. */
  after?: string | undefined;
  /** Opens the stream. @param wasOpen - whether there was a connection before */
  open: (
    lastEventId: string | undefined,
    wasOpen: boolean,
  ) => Promise<{ body: AsyncIterable<Uint8Array>; close: () => void }>;
}

/**
 * Yields the events of a stream. After a loss of the connection, the stream is reopened with the id of the last
 * event.
 *
 * @throws ClientError when it cannot be opened for the first time, or a retry cannot succeed
 */
export async function* followStream(options: FollowedStream): AsyncGenerator<EventSourceMessage> {
  const { address, open, signal, onLost, clock = systemClock, retryMs = 500, maxRetryMs = 10_000 } = options;
  let last = options.after;
  // a caller that resumes after an event has had an answer before
  let wasOpen = last !== undefined;
  let delay = retryMs;
  while (signal?.aborted !== true) {
    let lost: unknown;
    let wasToldEnd = false;
    let isGood = false;
    let since = clock.now();
    try {
      const { body, close } = await open(last, wasOpen);
      wasOpen = true;
      since = clock.now();
      try {
        for await (const event of readEvents(address, body)) {
          if (event.id !== undefined) last = event.id;
          wasToldEnd = event.event === 'end';
          isGood = true;
          yield event;
          if (isOver(signal)) return;
        }
      } finally {
        close();
      }
      lost = new UnreachableError(address, 'closed', 'the server closed the stream of events');
    } catch (error) {
      if (isOver(signal)) return;
      if (!wasOpen || !isPassing(error)) throw error;
      lost = error;
    }
    // a server that ends each connection at once gets fewer and fewer requests
    if (isGood && clock.now() - since >= maxRetryMs) delay = retryMs;
    if (!wasToldEnd) onLost?.(lost as ClientError);
    await sleep(clock, delay, signal);
    delay = Math.min(2 * delay, maxRetryMs);
  }
}

/** Reads the signal again, because it changes during a wait. */
function isOver(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Whether the same request may succeed later: the server was not reached, is failing, or limits the rate of requests. */
function isPassing(error: unknown): error is ClientError {
  if (error instanceof UnreachableError || error instanceof TimeoutError) return true;
  return error instanceof RefusedError && (error.httpStatus >= 500 || error.httpStatus === 429);
}
