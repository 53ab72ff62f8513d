import type { Clock } from '@tunasync/protocol';

/**
 * Resolves after `ms` milliseconds of `clock`, or as soon as `signal` is aborted. No timer and no listener remains.
 *
 * @param options - `unref`: the timer does not keep the process alive
 */
export function sleep(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
  options: { unref?: boolean } = {},
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done, options);
    signal?.addEventListener('abort', done, { once: true });
  });
}
