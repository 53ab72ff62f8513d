import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../api/queries.js';
import { FirstWorker } from '../../ui/first-worker.js';
import { NothingHere } from '../../ui/nothing-here.js';
import type { SetView } from './data/use-view.js';

/** Stands where no mirror fits the filters. */
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

/** Stands where there are no mirrors at all, and says how to get some. */
export function NoMirrors(): JSX.Element {
  const { t } = useTranslation();
  const { data: workers } = useQuery(queries.workers());
  if (workers !== undefined && workers.length > 0) return <NothingHere>{t('first.noMirrors')}</NothingHere>;
  return <FirstWorker />;
}
