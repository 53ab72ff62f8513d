import { useRef, type MouseEvent } from 'react';
import { keyOf } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { askRows } from '../data/job-pages.js';
import type { JobList } from '../data/use-job-list.js';
import { rowsBetween } from './selection.js';
import { indexOf, type RowCursor } from './use-cursor.js';

/** What is selected, and what changes it. */
export interface RowSelection {
  count: number;
  /** Whether the boxes are shown on a narrow screen. */
  isSelecting: boolean;
  has: (key: string) => boolean;
  select: (jobs: readonly ApiJob[], isWanted: boolean) => void;
  selectAll: () => void;
  clear: () => void;
  /** Selects a row or no longer; with `isRange` all from the one before to here as that one. */
  toggle: (index: number, isRange: boolean) => void;
}

/** Toggles rows; a range takes what its beginning became. Without a row it forgets a range that is being asked for. */
export function useToggle(
  list: JobList,
  has: RowSelection['has'],
  select: RowSelection['select'],
): (index: number | undefined, isRange: boolean) => void {
  const anchor = useRef<{ index: number; isWanted: boolean }>(undefined);
  const asked = useRef<object>(undefined);
  return (index, isRange) => {
    const own = {};
    asked.current = own;
    // nothing: what was asked for is no longer wanted
    if (index === undefined) return;
    const job = list.jobAt(index);
    if (job === undefined) return;
    if (isRange && anchor.current !== undefined) {
      const { index: from, isWanted } = anchor.current;
      void rowsBetween(from, index, list.jobAt, (first, last) => askRows(list.view, first, last)).then(
        (jobs) => {
          if (asked.current === own) select(jobs, isWanted);
        },
        () => {
          // the list itself says that the manager is not reached
        },
      );
      return;
    }
    const isWanted = !has(keyOf(job));
    anchor.current = { index, isWanted };
    select([job], isWanted);
  };
}

/** What a click on a row does: its box selects, with Shift a range; elsewhere it does so with Ctrl or Shift. */
export function useRowClicks(cursor: RowCursor, selection: RowSelection): (event: MouseEvent) => void {
  return (event) => {
    const index = indexOf(event.target);
    if (index === undefined || !(event.target instanceof Element)) return;
    cursor.take(index);
    const isBox = event.target.closest('[data-column="select"]') !== null;
    if (!isBox && event.target.closest('a, button') !== null) return;
    if (isBox || event.shiftKey || event.ctrlKey || event.metaKey) selection.toggle(index, event.shiftKey);
  };
}
