import { toWebTime, toWireTime } from '@tunasync/protocol';

/** An instant (milliseconds since the Unix epoch) in this machine's own time: `2026-11-23 17:21:52`. */
export function localTime(instant: number): string {
  return toWebTime(toWireTime(instant)).slice(0, 'YYYY-MM-DD hh:mm:ss'.length);
}
