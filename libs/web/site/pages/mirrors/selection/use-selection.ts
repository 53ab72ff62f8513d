import { useCallback, useMemo, useState } from 'react';
import { keyOf } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { useChanges } from '../../../live/live-context.js';
import { askAll } from '../data/job-pages.js';
import { writeView } from '../data/mirrors-view.js';
import type { JobList } from '../data/use-job-list.js';
import {
  allSelected,
  countSelected,
  isSelected,
  noSelection,
  patchSelection,
  select,
  type Selection,
} from './selection.js';
import { useToggle, type RowSelection } from './use-row-clicks.js';

/** The selection of the table, and the selected mirrors. */
export interface BulkSelection extends RowSelection {
  /** The selected mirrors, if known without a request. */
  known: readonly ApiJob[] | undefined;
  /** Returns the selected mirrors, and requests them if needed. */
  gather: () => Promise<readonly ApiJob[]>;
  setSelecting: (isSelecting: boolean) => void;
}

/** The selection. Single mirrors stay selected when the view changes; all of a view do not. */
export function useSelection(list: JobList): BulkSelection {
  const [selection, setSelection] = useState<Selection>(noSelection);
  const [isSelecting, setSelecting] = useState(false);
  const { view, total = 0 } = list;
  const filter = writeView({ ...view, sort: 'attention', order: 'asc' });
  const [filtered, setFiltered] = useState(filter);
  if (filtered !== filter) {
    setFiltered(filter);
    if (selection.kind === 'all') setSelection(noSelection);
  }
  useChanges((changes) => {
    setSelection((before) => patchSelection(before, changes));
  });
  const has = (key: string): boolean => isSelected(selection, key);
  const selectRows = useCallback((jobs: readonly ApiJob[], isWanted: boolean) => {
    setSelection((before) => select(before, jobs, isWanted));
  }, []);
  const known = useMemo(
    () => (selection.kind === 'some' ? [...selection.jobs.values()] : undefined),
    [selection],
  );
  const toggle = useToggle(list, has, selectRows);
  return {
    count: countSelected(selection, total),
    isSelecting,
    setSelecting,
    has,
    select: selectRows,
    selectAll: () => {
      toggle(undefined, false);
      setSelection(allSelected);
    },
    clear: () => {
      toggle(undefined, false);
      setSelection(noSelection);
    },
    toggle,
    known,
    gather: async () => known ?? (await askAll(view)).filter((job) => isSelected(selection, keyOf(job))),
  };
}
