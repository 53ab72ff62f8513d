import { actionsFor, isRunning, keyOf, type JobAction } from '../../../actions/job-action.js';
import type { ApiChanges, ApiJob } from '../../../api/types.js';
import { patchJob } from '../../../live/patch-job.js';

/** The selected mirrors: some, or all of a view with exceptions. */
export type Selection =
  | { readonly kind: 'some'; readonly jobs: ReadonlyMap<string, ApiJob> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<string> };

/** Nothing is selected. */
export const noSelection: Selection = { kind: 'some', jobs: new Map() };

/** Everything in the view is selected. */
export const allSelected: Selection = { kind: 'all', except: new Set() };

/** Whether a mirror is selected. */
export function isSelected(selection: Selection, key: string): boolean {
  return selection.kind === 'all' ? !selection.except.has(key) : selection.jobs.has(key);
}

/** The number of selected mirrors. @param total - mirrors in the view */
export function countSelected(selection: Selection, total: number): number {
  return selection.kind === 'all' ? Math.max(0, total - selection.except.size) : selection.jobs.size;
}

/** Selects or deselects mirrors. */
export function select(selection: Selection, jobs: readonly ApiJob[], isWanted: boolean): Selection {
  if (selection.kind === 'all') {
    const except = new Set(selection.except);
    for (const job of jobs) {
      if (isWanted) except.delete(keyOf(job));
      else except.add(keyOf(job));
    }
    return { kind: 'all', except };
  }
  const selected = new Map(selection.jobs);
  for (const job of jobs) {
    if (isWanted) selected.set(keyOf(job), job);
    else selected.delete(keyOf(job));
  }
  return { kind: 'some', jobs: selected };
}

/** The rows between two, in either direction. If any is not loaded, all are requested. */
export async function rowsBetween(
  one: number,
  other: number,
  jobAt: (index: number) => ApiJob | undefined,
  ask: (first: number, last: number) => Promise<ApiJob[]>,
): Promise<ApiJob[]> {
  const first = Math.min(one, other);
  const last = Math.max(one, other);
  const known: ApiJob[] = [];
  for (let index = first; index <= last; index += 1) {
    const job = jobAt(index);
    if (job === undefined) return ask(first, last);
    known.push(job);
  }
  return known;
}

/** The selected mirrors with changes applied; removed ones are deselected. */
export function patchSelection(selection: Selection, changes: ApiChanges): Selection {
  if (selection.kind === 'all' || selection.jobs.size === 0) return selection;
  const jobs = new Map(selection.jobs);
  let isPatched = false;
  for (const [key, job] of selection.jobs) {
    const patched = patchJob(job, changes);
    if (patched === job) continue;
    jobs.set(key, patched);
    isPatched = true;
  }
  for (const job of changes.removed) isPatched = jobs.delete(keyOf(job)) || isPatched;
  return isPatched ? { kind: 'some', jobs } : selection;
}

/** The actions on many mirrors. */
export const bulkActions = ['start', 'stop', 'restart', 'disable', 'enable'] as const satisfies JobAction[];

/**
 * The mirrors that an action applies to. A start excludes running mirrors, and disabled ones, which it would
 * enable.
 */
export function targetsOf(action: JobAction, jobs: readonly ApiJob[]): ApiJob[] {
  return jobs.filter((job) => {
    if (action === 'restart') return job.status !== 'disabled';
    if (action === 'start') return !isRunning(job) && job.status !== 'disabled';
    return actionsFor(job).includes(action);
  });
}
