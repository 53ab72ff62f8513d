import { isZeroTime, toUnixMillis, type RunRecord } from '@tunasync/protocol';
import { localTime } from '../text/absolute-time.js';
import { humanBytes } from '../text/human-bytes.js';
import type { Paint } from '../text/paint.js';
import { duration } from '../text/relative-time.js';
import { tableLines, type Column, type TableOptions } from '../text/table.js';

const paints: Readonly<Record<RunRecord['result'], Paint>> = {
  success: 'green',
  failed: 'red',
  killed: 'yellow',
};

const columns: readonly Column<RunRecord>[] = [
  { title: 'ENDED', value: ({ ended }) => localTime(toUnixMillis(ended)) },
  { title: 'RESULT', value: ({ result }) => result, paint: ({ result }) => paints[result] },
  {
    title: 'TOOK',
    align: 'right',
    value: ({ started, ended }) =>
      isZeroTime(started) ? '-' : duration((toUnixMillis(ended) - toUnixMillis(started)) / 1000),
  },
  { title: 'ATTEMPTS', align: 'right', value: ({ attempts }) => String(attempts) },
  {
    title: 'RECEIVED',
    align: 'right',
    value: ({ bytes_transferred: bytes }) => (bytes === undefined ? '-' : humanBytes(bytes)),
  },
  { title: 'SIZE', align: 'right', value: ({ size }) => (size === '' || size === 'unknown' ? '-' : size) },
  { title: 'WORKER', value: ({ worker }) => worker, shrinkTo: 8 },
  {
    title: 'WHY',
    value: ({ result, reason, error_msg: message }) => (result === 'success' ? '' : message || reason),
    shrinkTo: 10,
  },
];

/** Returns a table of finished runs in the given order. */
export function historyTable(runs: readonly RunRecord[], options: TableOptions): string[] {
  return tableLines(columns, runs, options);
}
