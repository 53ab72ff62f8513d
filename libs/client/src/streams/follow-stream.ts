import { systemClock, type Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import type { EventSourceMessage } from 'eventsource-parser';
import { RefusedError, TimeoutError, UnreachableError, type ClientError } from '../request/errors.js';
import { readEvents } from './read-events.js';

/** How a stream of events is followed. */
export interface FollowOptions {
  /** Ends the stream: nothing more is yielded, and nothing is thrown. */
  signal?: AbortSignal | undefined;
  /** Milliseconds until the first answer to each connection. @defaultValue the client's */
  timeoutMs?: number | undefined;
  /**
   * Milliseconds of silence after which the connection counts as broken; servers write every five seconds.
   * @defaultValue 30000
   */
  idleMs?: number | undefined;
  /** Milliseconds before the first new try; twice as long before each further one. @defaultValue 500 */
  retryMs?: number | undefined;
  /** The longest wait before a new try, in milliseconds. @defaultValue 10000 */
  maxRetryMs?: number | undefined;
  /** @defaultValue the machine's */
  clock?: Clock | undefined;
  /** Is told why the connection is lost, and why each new try was in vain; not after an `end`, which says it. */
  onLost?: ((error: ClientError) => void) | undefined;
}

/** What {@link followStream} follows. */
export interface FollowedStream extends FollowOptions {
  /** For messages. */
  address: string;
  /** The id to begin behind. */
  after?: string | undefined;
  /** @param wasOpen - whether there was a connection before */
  open: (
    lastEventId: string | undefined,
    wasOpen: boolean,
  ) => Promise<{ body: AsyncIterable<Uint8Array>; close: () => void }>;
}

/**
 * The events of a stream, through losses of its connection: it is opened again with the id of the last event.
 *
 * @throws ClientError when it cannot be opened for the first time, or there is no use in trying again
 */
export async function* followStream(options: FollowedStream): AsyncGenerator<EventSourceMessage> {
  const { address, open, signal, onLost, clock = systemClock, retryMs = 500, maxRetryMs = 10_000 } = options;
  let last = options.after;
  // whoever goes on behind something has had an answer before
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
      lost = new UnreachableError(address, 'closed', 'the stream of events was closed');
    } catch (error) {
      if (isOver(signal)) return;
      if (!wasOpen || !isPassing(error)) throw error;
      lost = error;
    }
    // a server that ends each connection as soon as it has begun is not asked all the time
    if (isGood && clock.now() - since >= maxRetryMs) delay = retryMs;
    if (!wasToldEnd) onLost?.(lost as ClientError);
    await sleep(clock, delay, signal);
    delay = Math.min(2 * delay, maxRetryMs);
  }
}

/** Looked at anew each time: it changes while something is waited for. */
function isOver(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Whether the same request may succeed later: the server was not reached, is failing, or limits the rate of requests. */
function isPassing(error: unknown): error is ClientError {
  if (error instanceof UnreachableError || error instanceof TimeoutError) return true;
  return error instanceof RefusedError && (error.httpStatus >= 500 || error.httpStatus === 429);
}
