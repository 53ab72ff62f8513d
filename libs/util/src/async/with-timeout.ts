import type { Clock } from '@tunasync/protocol';

/**
 * Resolves or rejects as `work` does; resolves to undefined when that takes longer than `ms` milliseconds of `clock`.
 * The work itself continues.
 */
export function withTimeout<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => {
      resolve(undefined);
    });
    const settled = (): void => {
      timer.cancel();
    };
    work.then(resolve, reject).then(settled, settled);
  });
}
