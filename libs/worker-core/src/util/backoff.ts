/** How long to wait between attempts that fail one after the other. */
export interface BackoffOptions {
  /** Wait after the first failure, milliseconds. @defaultValue 1000 */
  baseMs?: number;
  /** Longest wait, milliseconds. @defaultValue 30000 */
  maxMs?: number;
  /** A number from 0 up to 1: spreads the waits of many workers. @defaultValue Math.random */
  random?: () => number;
}

/**
 * Milliseconds to wait after `failures` failures in a row (from 1): doubles from the base up to the maximum,
 * of which the last quarter is random, so that workers that lost their manager together do not come back together.
 */
export function backoffMs(failures: number, options: BackoffOptions = {}): number {
  const { baseMs = 1000, maxMs = 30_000, random = Math.random } = options;
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return full * (0.75 + 0.25 * random());
}
