import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../../api/queries.js';
import type { SetView } from '../data/use-view.js';
import classes from './toolbar.module.css';

/** Filters by worker; hidden if there is only one. */
export function WorkerFilter({ worker, setView }: { worker: string; setView: SetView }): JSX.Element | null {
  const { t } = useTranslation();
  const { data = [] } = useQuery(queries.workers());
  const ids = data.map(({ id }) => id);
  // an address may contain a removed worker
  if (worker !== '' && !ids.includes(worker)) ids.push(worker);
  if (ids.length < 2 && worker === '') return null;
  return (
    <Select
      size="xs"
      className={classes.worker}
      aria-label={t('mirrors.worker')}
      placeholder={t('mirrors.anyWorker')}
      data={ids}
      value={worker === '' ? null : worker}
      onChange={(id) => {
        setView({ worker: id ?? '' });
      }}
      searchable
      clearable
      limit={100}
      nothingFoundMessage={t('mirrors.noWorker')}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}
