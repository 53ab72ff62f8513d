import type { Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';

/** Waits `ms` milliseconds. Resolves to false as soon as `signal` is aborted. */
export async function passed(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(clock, ms, signal);
  return !signal.aborted;
}
