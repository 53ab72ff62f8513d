import type { Clock } from '@tunasync/protocol';

/** What `work` resolves with, or undefined when that takes longer than `ms` milliseconds. Rejects as `work` does. */
export function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => {
      resolve(undefined);
    });
    work.then(resolve, reject).finally(() => {
      timer.cancel();
    });
  });
}
