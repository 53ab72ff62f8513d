import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { pages } from '../../../routes/routes.js';
import { readView, writeView, type MirrorsView } from './mirrors-view.js';

/** Changes the view. `replace`: going back does not lead to the one before. */
export type SetView = (change: Partial<MirrorsView>, replace?: boolean) => void;

/** What the page's address says, and what changes it. */
export function useView(): [MirrorsView, SetView] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => readView(search), [search]);
  const setView = useCallback<SetView>(
    (change, replace = false) => {
      // read anew: two changes may come before the page is drawn again
      const text = writeView({ ...readView(location.search), ...change });
      navigate(pages.mirrors + (text === '' ? '' : `?${text}`), { replace });
    },
    [navigate],
  );
  return [view, setView];
}
