import { ActionIcon, Button } from '@mantine/core';
import { IconKeyboard, IconListCheck } from '@tabler/icons-react';
import { useLayoutEffect, useRef, type JSX, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../../ui/format.js';
import { isFiltered, type MirrorsView } from '../data/mirrors-view.js';
import type { JobList } from '../data/use-job-list.js';
import type { SetView } from '../data/use-view.js';
import { HeldBackButton } from './held-back-button.js';
import { SearchBox } from './search-box.js';
import { SortSelect } from './sort-select.js';
import { StateChips } from './state-chips.js';
import classes from './toolbar.module.css';
import { WorkerFilter } from './worker-filter.js';

/** The controls of the table. */
export function Toolbar({
  view,
  setView,
  list,
  box,
  isNarrow,
  isSelecting,
  onSelecting,
  onHelp,
}: {
  view: MirrorsView;
  setView: SetView;
  list: JobList;
  box: RefObject<HTMLInputElement | null>;
  isNarrow: boolean;
  isSelecting: boolean;
  onSelecting: () => void;
  onHelp: () => void;
}): JSX.Element {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  // the column headers stay below it
  useLayoutEffect(() => {
    const element = bar.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      element.parentElement?.style.setProperty('--toolbar', `${element.offsetHeight}px`);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div className={classes.toolbar} ref={bar}>
      <div className={classes.heading}>
        <h1 className={classes.title}>{t('mirrors.title')}</h1>
        <Total list={list} />
      </div>
      <SearchBox
        box={box}
        q={view.q}
        setQ={(q) => {
          setView({ q }, true);
        }}
      />
      <WorkerFilter worker={view.worker} setView={setView} />
      {isNarrow && <SortSelect sort={view.sort} order={view.order} setView={setView} />}
      <div className={classes.end}>
        <HeldBackButton count={list.heldBack} apply={list.apply} />
        {isNarrow ? (
          <Button
            size="compact-sm"
            variant={isSelecting ? 'filled' : 'default'}
            aria-pressed={isSelecting}
            leftSection={<IconListCheck size={14} />}
            onClick={onSelecting}
          >
            {t('mirrors.selecting')}
          </Button>
        ) : (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('mirrors.shortcuts')}
            title={`${t('mirrors.shortcuts')} (?)`}
            onClick={onHelp}
          >
            <IconKeyboard size={18} />
          </ActionIcon>
        )}
      </div>
      <StateChips states={view.states} counts={list.counts} setView={setView} />
    </div>
  );
}

/** The number of mirrors shown, and of all mirrors if a filter is active. */
function Total({ list: { total, counts, view } }: { list: JobList }): JSX.Element {
  const { t, i18n } = useTranslation();
  if (total === undefined) return <span className={classes.total} role="status" />;
  const all = Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);
  const shown = count(total, i18n.language);
  return (
    <span className={`${classes.total} live`} role="status">
      {isFiltered(view) && all > total
        ? t('mirrors.some', { shown, total: count(all, i18n.language) })
        : t('mirrors.all', { count: total, total: shown })}
    </span>
  );
}
