import { toWebTime, toWireTime } from '@tunasync/protocol';

/** Formats an instant (milliseconds since the Unix epoch) in the machine's time zone: `2026-11-23 17:21:52`. */
export function localTime(instant: number): string {
  return toWebTime(toWireTime(instant)).slice(0, 'YYYY-MM-DD hh:mm:ss'.length);
}
