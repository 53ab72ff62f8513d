import { messageOf, TunasyncError } from '@tunasync/protocol';

/**
 * Waits until `check` returns something other than undefined or false, and returns it. A check that throws is
 * repeated; its last error is part of the failure. The limit only ends a test that hangs: it is no measure of speed, so
 * it has to suffice on a machine that is ten times slower.
 *
 * @param what - the condition, for the failure's message
 * @param timeoutMs - milliseconds until `WAIT_TIMEOUT`
 */
export async function waitFor<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last = 'the condition did not hold';
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = messageOf(error);
    }
    if (Date.now() > deadline) {
      throw new TunasyncError('WAIT_TIMEOUT', `waited ${timeoutMs} ms for ${what}: ${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
