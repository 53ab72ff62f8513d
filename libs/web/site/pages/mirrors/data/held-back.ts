import { keyOf } from '../../../actions/job-action.js';
import type { ApiChanges, ApiJob } from '../../../api/types.js';
import { compareJobs, fitsView, sortKey } from './job-order.js';
import type { JobsPage } from './job-pages.js';
import type { MirrorsView } from './mirrors-view.js';

/** Changes of jobs since the list was loaded; `undefined`: removed. */
export type Happened = ReadonlyMap<string, ApiJob | undefined>;

/** Adds changes to earlier ones. */
export function addChanges(before: Happened, { jobs, removed }: ApiChanges): Happened {
  if (jobs.length === 0 && removed.length === 0) return before;
  const happened = new Map(before);
  for (const job of jobs) happened.set(keyOf(job), job);
  for (const job of removed) happened.set(keyOf(job), undefined);
  return happened;
}

/**
 * How many rows would move, appear or disappear if the list were loaded again. Rows that are not loaded count if
 * they would end up between rows that are.
 *
 * @param expected - current number of rows, if known
 */
export function countHeldBack({
  pages,
  happened,
  view,
  total,
  expected,
  now,
}: {
  pages: readonly JobsPage[];
  happened: Happened;
  view: MirrorsView;
  total: number;
  expected: number | undefined;
  now: number;
}): number {
  const loaded = new Set<string>();
  let moved = 0;
  for (const page of pages) {
    for (const [index, before] of page.loaded.entries()) {
      const key = keyOf(before);
      loaded.add(key);
      const job = page.jobs[index] ?? before;
      const isGone = happened.has(key) && happened.get(key) === undefined;
      if (isGone || (job !== before && isMoved(before, job, view, now))) moved += 1;
    }
  }
  for (const [key, job] of happened) {
    if (job === undefined || loaded.has(key) || !fitsView(job, view)) continue;
    if (total <= loaded.size || pages.some((page) => fallsInto(page, job, view, now))) moved += 1;
  }
  return Math.max(moved, expected === undefined ? 0 : Math.abs(expected - total));
}

function isMoved(before: ApiJob, job: ApiJob, view: MirrorsView, now: number): boolean {
  return !fitsView(job, view) || sortKey(before, view.sort, now) !== sortKey(job, view.sort, now);
}

function fallsInto({ loaded }: JobsPage, job: ApiJob, view: MirrorsView, now: number): boolean {
  const [first] = loaded;
  const last = loaded.at(-1);
  if (first === undefined || last === undefined) return false;
  return compareJobs(job, first, view, now) > 0 && compareJobs(job, last, view, now) < 0;
}
