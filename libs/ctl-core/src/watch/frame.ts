import type { SyncStatus } from '@tunasync/protocol';
import { byName, jobTable, statusPaints } from '../tables/job-table.js';
import type { Job } from '../tables/job-times.js';
import { localTime } from '../text/absolute-time.js';
import { painted, type Paint } from '../text/paint.js';
import { printable } from '../text/printable.js';
import { relativeTime } from '../text/relative-time.js';
import { shortenTo, widthOf } from '../text/width.js';

/** The states, most important first. */
const urgency: readonly SyncStatus[] = [
  'failed',
  'syncing',
  'pre-syncing',
  'paused',
  'none',
  'success',
  'disabled',
];

/** The contents of a screen. */
export interface View {
  /** Address of the manager. */
  address: string;
  jobs: readonly Job[];
  /** Time of `jobs`, in milliseconds since the Unix epoch. */
  asOf: number;
  /** The reason for which there are no newer jobs. */
  problem: string | undefined;
  /** Number of rows above the first visible one. */
  offset: number;
}

/** A screen's size and whether it has colours. */
export interface Screen {
  columns: number;
  rows: number;
  colors: boolean;
}

/** Number of lines above and below the rows of mirrors. */
const around = 3;

/** Returns the number of mirrors that a screen shows. */
export function pageSize({ rows }: Pick<Screen, 'rows'>): number {
  return Math.max(1, rows - around);
}

/** Returns the lines of a screen, at most as many as it has. */
export function frameLines(view: View, { columns, rows, colors }: Screen, now: number): string[] {
  // one column less, because some terminals wrap a line that ends at the edge
  const width = Math.max(1, columns - 1);
  const count = pageSize({ rows });
  const only = { from: view.offset, count };
  const [titles = '', ...shown] = jobTable(view.jobs, now, { width, colors, only }, byUrgency);
  const { problem, asOf, jobs } = view;
  const trouble = printable(`${problem ?? ''}; as of ${relativeTime(asOf, now)}`);
  const top =
    problem === undefined
      ? counts(view, width, colors)
      : cut(trouble, width, (text) => (colors ? painted(text, 'red') : text));
  const last = view.offset + shown.length;
  const range = jobs.length > shown.length ? `${view.offset + 1}-${last} of ${jobs.length}; ` : '';
  const keys = jobs.length > shown.length ? 'q quits, arrows and Page keys move' : 'q quits';
  const bottom = cut(`${range}${keys}`, width, (text) => (colors ? painted(text, 'dim') : text));
  return [top, titles, ...shown, bottom].slice(0, Math.max(1, rows));
}

/** Returns the number of mirrors in each state, then time and address of the manager, as far as they fit. */
function counts({ address, jobs, asOf }: View, width: number, colors: boolean): string {
  const parts: { text: string; paint?: Paint }[] = [
    { text: `${jobs.length} ${jobs.length === 1 ? 'mirror' : 'mirrors'}` },
  ];
  for (const status of urgency) {
    const count = jobs.filter((job) => job.status === status).length;
    if (count > 0) parts.push({ text: `${count} ${status}`, paint: statusPaints[status] });
  }
  parts.push({ text: localTime(asOf) }, { text: address });
  let line = '';
  let left = width;
  for (const { text, paint } of parts) {
    const gap = line === '' ? '' : '  ';
    left -= gap.length + widthOf(text);
    if (left < 0) break;
    line += gap + (colors && paint !== undefined ? painted(text, paint) : text);
  }
  return line;
}

function cut(text: string, width: number, paint: (text: string) => string): string {
  return paint(shortenTo(text, width));
}

function byUrgency(a: Job, b: Job): number {
  return urgency.indexOf(a.status) - urgency.indexOf(b.status) || byName(a, b);
}
