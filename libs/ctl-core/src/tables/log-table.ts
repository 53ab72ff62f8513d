import { toUnixMillis, type LogFile } from '@tunasync/protocol';
import { localTime } from '../text/absolute-time.js';
import { humanBytes } from '../text/human-bytes.js';
import { relativeTime } from '../text/relative-time.js';
import { tableLines, type TableOptions } from '../text/table.js';

/** Returns a table of logs in the given order. `now` in milliseconds since the Unix epoch. */
export function logTable(logs: readonly LogFile[], now: number, options: TableOptions): string[] {
  return tableLines(
    [
      { title: 'LOG', value: ({ name }) => name },
      { title: 'STARTED', value: ({ started }) => localTime(toUnixMillis(started)).slice(0, -3) },
      { title: 'LAST CHANGE', value: ({ time }) => relativeTime(toUnixMillis(time), now) },
      { title: 'SIZE', align: 'right', value: ({ size }) => humanBytes(size) },
      {
        title: 'RESULT',
        value: ({ failed }) => (failed ? 'failed' : ''),
        paint: ({ failed }) => (failed ? 'red' : undefined),
      },
    ],
    logs,
    options,
  );
}
