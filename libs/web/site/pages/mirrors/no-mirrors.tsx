import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../api/queries.js';
import { FirstWorker } from '../../ui/first-worker.js';
import { NothingHere } from '../../ui/nothing-here.js';
import type { SetView } from './data/use-view.js';

/** Shown if no mirror matches the filters. */
export function NoMatch({ setView }: { setView: SetView }): JSX.Element {
  const { t } = useTranslation();
  return (
    <NothingHere>
      <p>{t('mirrors.noMatch')}</p>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          setView({ q: '', states: [], worker: '' });
        }}
      >
        {t('mirrors.clearFilters')}
      </Button>
    </NothingHere>
  );
}

/** Shown if there are no mirrors, with instructions. */
export function NoMirrors(): JSX.Element {
  const { t } = useTranslation();
  const { data: workers } = useQuery(queries.workers());
  if (workers !== undefined && workers.length > 0) return <NothingHere>{t('first.noMirrors')}</NothingHere>;
  return <FirstWorker />;
}
