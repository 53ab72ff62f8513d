import type { Clock } from '@tunasync/protocol';
import { readBytes } from '@tunasync/util';
import type { StreamReply } from '../request/connection.js';
import { NotOfferedError, RefusedError } from '../request/errors.js';
import { serverMessage } from '../request/server-message.js';

/**
 * Creates the error for an answer other than 200 of a route that v0.10 does not have. A manager without the route
 * answers 404, as to any unknown path; 501 says that the worker is too old. Source: docs/http-api.md.
 */
export function apiRefusal(address: string, status: number, body: string): NotOfferedError | RefusedError {
  const message = serverMessage(body);
  if (status === 501) return new NotOfferedError(address, status, 'worker', message ?? 'not implemented');
  if (status === 404 && (message === undefined || message.startsWith('no such route: '))) {
    return new NotOfferedError(
      address,
      status,
      'manager',
      'this manager is too old, or the route is disabled',
    );
  }
  return new RefusedError(address, status, body, message);
}

/** The maximum number of bytes of a refusal to read, and the default time limit for reading them in milliseconds. */
const longestRefusal = 64 * 1024;
const refusalMs = 5000;

/**
 * Reads the body of a refusal, as far as it arrives in time. The status is known already, so that the rest is not
 * worth waiting for.
 */
export async function readRefusal(
  { body, close }: StreamReply,
  clock: Clock,
  timeoutMs = refusalMs,
): Promise<string> {
  const late = new AbortController();
  const timer = clock.after(timeoutMs, () => {
    late.abort();
    close();
  });
  try {
    const { bytes } = await readBytes(untilAborted(body, late.signal), longestRefusal);
    return bytes.toString('utf8');
  } finally {
    timer.cancel();
    close();
  }
}

async function* untilAborted(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
