import { useTable, type SortingState, type Updater } from '@tanstack/react-table';
import { defaultRangeExtractor, useWindowVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../../../actions/job-action.js';
import type { ApiJob, JobSort } from '../../../api/types.js';
import type { JobList } from '../data/use-job-list.js';
import type { SetView } from '../data/use-view.js';
import type { RowCursor } from '../selection/use-cursor.js';
import { useRowClicks, type RowSelection } from '../selection/use-row-clicks.js';
import { mirrorColumns, mirrorFeatures } from './columns.js';
import { GridHead } from './grid-head.js';
import classes from './mirror-grid.module.css';
import { MirrorRow } from './mirror-row.js';
import { useTopOf } from './use-top-of.js';

/** Height of a row, pixels: one line, or two on a narrow screen. */
const rowHeight = { wide: 32, narrow: 52 };
/** Rows outside the visible part that are in the page. */
const overscan = 8;
/** Milliseconds for which rows must be visible before they are requested. */
const settleMs = 60;

/** The rows of a view. Only visible ones are in the page. */
export function MirrorGrid({
  list,
  setView,
  isNarrow,
  onSeen,
  cursor,
  selection,
}: {
  list: JobList;
  setView: SetView;
  isNarrow: boolean;
  /** Receives the first and the last visible row. */
  onSeen: (first: number, last: number) => void;
  cursor: RowCursor;
  selection: RowSelection;
}): JSX.Element {
  const { t } = useTranslation();
  const { total = 0, view, jobAt } = list;
  const height = isNarrow ? rowHeight.narrow : rowHeight.wide;
  const body = useRef<HTMLDivElement>(null);
  const { current } = cursor;
  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan,
    scrollMargin: useTopOf(body),
    scrollPaddingStart: isNarrow ? 56 : 180,
    scrollPaddingEnd: isNarrow ? 130 : 64,
    // the row with the focus stays in the page while scrolling
    rangeExtractor: useCallback(
      (range: Range) => {
        const seen = defaultRangeExtractor(range);
        return current >= range.count || seen.includes(current)
          ? seen
          : [...seen, current].sort((one, other) => one - other);
      },
      [current],
    ),
  });
  useLayoutEffect(() => {
    virtualizer.measure();
  }, [virtualizer, height]);
  const items = virtualizer.getVirtualItems();

  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useEffect(() => {
    const timer = setTimeout(() => {
      onSeen(startIndex, endIndex);
    }, settleMs);
    return () => {
      clearTimeout(timer);
    };
  }, [startIndex, endIndex, onSeen]);

  const { wanted, found } = cursor;
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    virtualizer.scrollToIndex(wanted.index, { align: 'auto' });
    body.current
      ?.querySelector<HTMLElement>(`[data-index="${wanted.index}"]`)
      ?.focus({ preventScroll: true });
    found();
  }, [wanted, found, virtualizer]);

  const seen = items.map(({ index }) => ({ index, job: jobAt(index) }));
  const jobs = useSame(seen.flatMap(({ job }) => job ?? []));
  const sorting = useMemo(() => [{ id: view.sort, desc: view.order === 'desc' }], [view.sort, view.order]);
  const table = useTable({
    features: mirrorFeatures,
    columns: mirrorColumns,
    data: jobs,
    manualSorting: true,
    state: { sorting },
    onSortingChange: (updater: Updater<SortingState>) => {
      const [first] = typeof updater === 'function' ? updater(sorting) : updater;
      setView({ sort: (first?.id ?? 'attention') as JobSort, order: first?.desc === true ? 'desc' : 'asc' });
    },
  });
  const { rows } = table.getRowModel();
  const rowOf = new Map(rows.map((row) => [row.original, row]));
  const onClick = useRowClicks(cursor, selection);

  return (
    <div
      role="grid"
      aria-label={t('mirrors.title')}
      aria-rowcount={total + 1}
      aria-multiselectable
      aria-busy={list.isPending}
      className={classes.grid}
      data-selecting={selection.isSelecting || undefined}
      data-pending={list.isPending || undefined}
    >
      <GridHead table={table} selection={selection} total={total} />
      <div
        role="rowgroup"
        ref={body}
        className={`${classes.body} live`}
        style={{ height: virtualizer.getTotalSize() }}
        onClick={onClick}
        onFocus={cursor.onFocus}
      >
        {seen.map(({ index, job }) => {
          const row = job && rowOf.get(job);
          return (
            <MirrorRow
              key={index}
              row={row}
              index={index}
              top={index * height}
              isNarrow={isNarrow}
              isSelected={job !== undefined && selection.has(keyOf(job))}
              isCurrent={index === current}
              isRemoved={job !== undefined && list.isRemoved(job)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Returns the previous array if it has the same elements: otherwise the table would create all rows again. */
function useSame(jobs: ApiJob[]): ApiJob[] {
  const [last, setLast] = useState(jobs);
  if (last.length === jobs.length && last.every((job, index) => job === jobs[index])) return last;
  setLast(jobs);
  return jobs;
}
