import type { IncomingMessage } from 'node:http';

/** Milliseconds in which a reader has to take something of an answer, however little. */
export const mostIdleMs = 120_000;

/**
 * Lets a reader take its time with an answer: the rule for idle connections is for those that have nothing to do, and
 * what it took last may stay in the buffers of the machines for a while. The server's own rule holds for what is next.
 */
export function allowSlowReader({ socket }: IncomingMessage): void {
  socket.setTimeout(mostIdleMs);
}
