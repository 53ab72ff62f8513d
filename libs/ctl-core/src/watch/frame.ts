import type { SyncStatus } from '@tunasync/protocol';
import { byName, jobTable, statusPaints } from '../tables/job-table.js';
import type { Job } from '../tables/job-times.js';
import { localTime } from '../text/absolute-time.js';
import { painted, type Paint } from '../text/paint.js';
import { printable } from '../text/printable.js';
import { relativeTime } from '../text/relative-time.js';
import { shortenTo, widthOf } from '../text/width.js';

/** States in the order in which somebody wants to see them. */
const urgency: readonly SyncStatus[] = [
  'failed',
  'syncing',
  'pre-syncing',
  'paused',
  'none',
  'success',
  'disabled',
];

/** What a screen shows. */
export interface View {
  /** Where the manager is. */
  address: string;
  jobs: readonly Job[];
  /** When `jobs` came, milliseconds since the Unix epoch. */
  asOf: number;
  /** Why newer ones did not. */
  problem: string | undefined;
  /** How many rows are above the first one that is seen. */
  offset: number;
}

/** A screen's size and whether it has colours. */
export interface Screen {
  columns: number;
  rows: number;
  colors: boolean;
}

/** Lines that are not for mirrors: what is above and below. */
const around = 3;

/** How many mirrors a screen shows at a time. */
export function pageSize({ rows }: Pick<Screen, 'rows'>): number {
  return Math.max(1, rows - around);
}

/** The lines of a screen, as many as it has at most. */
export function frameLines(view: View, { columns, rows, colors }: Screen, now: number): string[] {
  // one column less: a line that ends at the edge is wrapped by some terminals
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

/** How many mirrors are in which state, then when that was and where: what does not fit is left out from the end. */
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
