import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadError } from '../../ui/nothing-here.js';
import { useTitle } from '../../ui/use-title.js';
import { isFiltered, type MirrorsView } from './data/mirrors-view.js';
import { useJobList } from './data/use-job-list.js';
import { useView } from './data/use-view.js';
import { HelpDialog } from './help-dialog.js';
import { NoMatch, NoMirrors } from './no-mirrors.js';
import { BulkBar } from './selection/bulk-bar.js';
import { useCursor } from './selection/use-cursor.js';
import { useSelection } from './selection/use-selection.js';
import { MirrorGrid } from './table/mirror-grid.js';
import { useKeys } from './table/use-keys.js';
import { Toolbar } from './toolbar/toolbar.js';

/** The page `/ui/mirrors`. */
export function MirrorsPage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('mirrors.title'));
  const isNarrow = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false });
  const [view, setView] = useView();
  const [seen, setSeen] = useState<readonly [number, number]>([0, 0]);
  const list = useJobList(view, seen);
  const cursor = useCursor();
  const selection = useSelection(list);
  const box = useRef<HTMLInputElement>(null);
  const [isHelping, setHelping] = useState(false);
  const onSeen = useCallback((first: number, last: number) => {
    setSeen((before) => (before[0] === first && before[1] === last ? before : [first, last]));
  }, []);
  const onHelp = useCallback(() => {
    setHelping(true);
  }, []);
  useKeys({ list, cursor, selection, box, onHelp });
  useTopOnChange(list.view, cursor.take);
  const { total } = list;
  const isNothing = total === 0 && !list.isPending;

  return (
    <>
      <Toolbar
        view={view}
        setView={setView}
        list={list}
        box={box}
        isNarrow={isNarrow}
        isSelecting={selection.isSelecting}
        onSelecting={() => {
          if (selection.isSelecting) selection.clear();
          selection.setSelecting(!selection.isSelecting);
        }}
        onHelp={onHelp}
      />
      {list.error !== null && <LoadError error={list.error} retry={list.retry} />}
      {isNothing && (isFiltered(list.view) ? <NoMatch setView={setView} /> : <NoMirrors />)}
      {!isNothing && (total !== undefined || list.error === null) && (
        <MirrorGrid
          list={total === undefined ? { ...list, total: 12 } : list}
          setView={setView}
          isNarrow={isNarrow}
          onSeen={onSeen}
          cursor={cursor}
          selection={selection}
        />
      )}
      {selection.count > 0 && <BulkBar selection={selection} total={total ?? 0} />}
      {isHelping && (
        <HelpDialog
          onClose={() => {
            setHelping(false);
          }}
        />
      )}
    </>
  );
}

/** A new view starts at its first row. */
function useTopOnChange(view: MirrorsView, take: (index: number) => void): void {
  const last = useRef(view);
  useEffect(() => {
    if (last.current === view) return;
    last.current = view;
    take(0);
    scrollTo({ top: 0 });
  }, [view, take]);
}
