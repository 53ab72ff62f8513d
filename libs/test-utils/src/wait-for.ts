import { messageOf, TunasyncError } from '@tunasync/protocol';

/**
 * Waits until `check` returns something other than undefined or false, and returns it.
 * A check that throws is tried again; its last error is part of the failure.
 *
 * @param what - what is waited for, for the failure's message
 * @param timeoutMs - milliseconds until `WAIT_TIMEOUT`
 */
export async function waitFor<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 10_000,
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
      throw new TunasyncError('WAIT_TIMEOUT', `waited ${timeoutMs} ms for ${what} in vain: ${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
