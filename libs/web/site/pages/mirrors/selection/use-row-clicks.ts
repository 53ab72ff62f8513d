import { useRef, type MouseEvent } from 'react';
import { keyOf } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { askRows } from '../data/job-pages.js';
import type { JobList } from '../data/use-job-list.js';
import { rowsBetween } from './selection.js';
import { indexOf, type RowCursor } from './use-cursor.js';

/** The selection, and functions that change it. */
export interface RowSelection {
  count: number;
  /** Whether checkboxes are shown on a narrow screen. */
  isSelecting: boolean;
  has: (key: string) => boolean;
  select: (jobs: readonly ApiJob[], isWanted: boolean) => void;
  selectAll: () => void;
  clear: () => void;
  /** Selects or deselects a row. With `isRange`, applies the last change to all rows from the last one to here. */
  toggle: (index: number, isRange: boolean) => void;
}

/** Toggles rows; a range gets the state of its first row. A call without a row cancels a pending range. */
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
    // cancels a pending range
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
          // the list reports lost connections itself
        },
      );
      return;
    }
    const isWanted = !has(keyOf(job));
    anchor.current = { index, isWanted };
    select([job], isWanted);
  };
}

/** Handles clicks on rows: the checkbox selects, with Shift a range; elsewhere Ctrl or Shift is needed. */
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
