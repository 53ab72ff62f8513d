import {
  isZeroTime,
  toUnixMillis,
  type ApiWorker,
  type FileSystemFacts,
  type WorkerStatus,
} from '@tunasync/protocol';
import { humanBytes } from '../text/human-bytes.js';
import { relativeTime } from '../text/relative-time.js';
import { tableLines, type Column, type TableOptions } from '../text/table.js';

const paints = { online: 'green', lost: 'red', unknown: 'dim' } as const;

/** Returns a table of workers. `now` in milliseconds since the Unix epoch. */
export function workerTable(
  workers: readonly (ApiWorker | WorkerStatus)[],
  now: number,
  options: TableOptions,
): string[] {
  const columns: Column<ApiWorker | WorkerStatus>[] = [
    { title: 'WORKER', value: ({ id }) => id },
    {
      title: 'STATE',
      value: (worker) => ('state' in worker ? worker.state : ''),
      paint: (worker) => ('state' in worker ? paints[worker.state] : undefined),
    },
    {
      title: 'LAST HEARD',
      value: ({ last_online: time }) => (isZeroTime(time) ? 'never' : relativeTime(toUnixMillis(time), now)),
    },
    { title: 'VERSION', value: (worker) => ('version' in worker ? (worker.version ?? '') : '') },
    { title: 'SLOTS', align: 'right', value: (worker) => ('slots' in worker ? slotsOf(worker) : '') },
    { title: 'MIRRORS', align: 'right', value: (worker) => ('counts' in worker ? mirrorsOf(worker) : '') },
    {
      title: 'LEAST FREE',
      value: (worker) => ('filesystems' in worker ? leastFree(worker.filesystems ?? []) : ''),
      shrinkTo: 12,
    },
    { title: 'URL', value: ({ url }) => url, shrinkTo: 10 },
  ];
  // a manager of v0.10 reports only the names of workers
  const known = columns.filter(
    ({ title, value }) => title === 'WORKER' || workers.some((worker) => value(worker) !== ''),
  );
  return tableLines(known, workers, options);
}

function slotsOf({ running, slots }: ApiWorker): string {
  return slots === undefined ? '' : `${running ?? 0}/${slots}`;
}

function mirrorsOf({ counts }: ApiWorker): string {
  return String(Object.values(counts).reduce((sum, count) => sum + count, 0));
}

/** Returns the file system with the smallest free share. */
function leastFree(all: readonly FileSystemFacts[]): string {
  // a file system of unknown size has no share
  const sized = all.filter(({ total }) => total > 0);
  const [least] = sized.sort((a, b) => a.free / a.total - b.free / b.total);
  if (least === undefined) return '';
  return `${humanBytes(least.free)} of ${humanBytes(least.total)} on ${least.path}`;
}
