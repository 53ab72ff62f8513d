/** How long a failed attempt is followed by nothing. */
export interface RetryDelay {
  /** Milliseconds after the first failed attempt; doubled after each further one. @defaultValue 30,000 */
  baseMs: number;
  /** Milliseconds that it never goes beyond, but for the jitter. @defaultValue 900,000 */
  maxMs: number;
}

/** The pause between attempts when nothing else is said. */
export const defaultRetryDelay: Readonly<RetryDelay> = { baseMs: 30_000, maxMs: 900_000 };

/**
 * Milliseconds from a failed attempt to the next one: `base · 2^(attempt − 1)`, at most `max`, and up to a quarter
 * more or less, so that mirrors that failed together do not come back together.
 *
 * @param attempt - number of the attempt that failed, from 1
 * @param random - a number from 0 up to 1
 */
export function retryDelayMs(delay: RetryDelay, attempt: number, random: number): number {
  const plain = Math.min(delay.maxMs, delay.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(plain * (0.75 + random / 2));
}
