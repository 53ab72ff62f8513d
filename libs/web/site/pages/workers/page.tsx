import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../api/queries.js';
import type { ApiWorker } from '../../api/types.js';
import { FirstWorker } from '../../ui/first-worker.js';
import { LoadError } from '../../ui/nothing-here.js';
import { useHeldList } from '../../ui/use-held-list.js';
import { useTitle } from '../../ui/use-title.js';
import { sortWorkers } from './mirror-counts.js';
import classes from './page.module.css';
import { RemoveWorker } from './remove-worker.js';
import { useMarked } from './use-marked.js';
import { WorkerCard } from './worker-card.js';

const states = ['online', 'lost', 'unknown'] as const;

/** The page `/ui/workers`. */
export function WorkersPage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('workers.title'));
  const { data, error, refetch } = useQuery({ ...queries.workers(), refetchInterval: 60_000 });
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{t('workers.title')}</h1>
        {data !== undefined && <Summary workers={data} />}
      </div>
      {data !== undefined ? (
        <Cards workers={data} />
      ) : error === null ? (
        <Skeleton height={240} />
      ) : (
        <LoadError error={error} retry={() => void refetch()} />
      )}
    </div>
  );
}

const idOf = ({ id }: ApiWorker): string => id;

function Summary({ workers }: { workers: readonly ApiWorker[] }): JSX.Element {
  const { t } = useTranslation();
  const words = states
    .map((state) => ({ state, count: workers.filter((worker) => worker.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => t(`workers.summary.${state}`, { count }));
  return <span className={`${classes.summary} live`}>{words.join(' · ')}</span>;
}

function Cards({ workers }: { workers: readonly ApiWorker[] }): JSX.Element {
  const { t } = useTranslation();
  const marked = useMarked(workers.length > 0);
  const [removing, setRemoving] = useState<string>();
  const sorted = useMemo(() => sortWorkers(workers), [workers]);
  const [rows, held] = useHeldList(sorted, idOf);
  const asked = workers.find(({ id }) => id === removing);
  if (workers.length === 0) {
    return (
      <>
        <p className={classes.summary}>{t('workers.none')}</p>
        <FirstWorker />
      </>
    );
  }
  return (
    <>
      <div className={classes.cards} {...held}>
        {rows
          .filter(({ isGone }) => !isGone)
          .map(({ item: worker }) => (
            <WorkerCard
              key={worker.id}
              worker={worker}
              isMarked={worker.id === marked}
              onRemove={() => {
                setRemoving(worker.id);
              }}
            />
          ))}
      </div>
      {asked && (
        <RemoveWorker
          worker={asked}
          onClose={() => {
            setRemoving(undefined);
          }}
        />
      )}
    </>
  );
}
