import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { pages } from '../../../routes/routes.js';
import { readView, writeView, type MirrorsView } from './mirrors-view.js';

/** Changes the view. `replace`: without a new entry in the browser's history. */
export type SetView = (change: Partial<MirrorsView>, replace?: boolean) => void;

/** The view in the page's address, and a function that changes it. */
export function useView(): [MirrorsView, SetView] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => readView(search), [search]);
  const setView = useCallback<SetView>(
    (change, replace = false) => {
      // read again: two changes may precede the next render
      const text = writeView({ ...readView(location.search), ...change });
      navigate(pages.mirrors + (text === '' ? '' : `?${text}`), { replace });
    },
    [navigate],
  );
  return [view, setView];
}
