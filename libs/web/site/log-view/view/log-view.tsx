import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/http.js';
import { queries } from '../../api/queries.js';
import type { JobKey } from '../../api/types.js';
import { LoadError, NothingHere } from '../../ui/nothing-here.js';
import './ansi-colours.css';
import { LogPane } from './log-pane.js';
import classes from './log-view.module.css';

/** Milliseconds between two requests for a first log. */
const firstLogMs = 5000;

/** The logs of a mirror: the newest one while it is written, or the one that the address names. */
export function LogView({ worker, name }: JobKey): JSX.Element {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    ...queries.logs({ worker, name }),
    refetchInterval: ({ state }) => (state.data?.logs.length === 0 ? firstLogMs : false),
  });
  if (data !== undefined) {
    return data.logs.length === 0 ? (
      <NothingHere>{t('log.none')}</NothingHere>
    ) : (
      <LogPane worker={worker} name={name} logs={data.logs} />
    );
  }
  if (error === null) return <LogSkeleton />;
  const retry = (): void => void refetch();
  if (error instanceof ApiError && error.status === 501) {
    return <NothingHere>{t('log.notOffered', { worker })}</NothingHere>;
  }
  if (error instanceof ApiError && (error.status === 502 || error.status === 504)) {
    return (
      <NothingHere>
        <p role="alert">{t('log.unreachable', { worker, reason: error.message })}</p>
        <Button size="xs" variant="default" onClick={retry}>
          {t('load.retry')}
        </Button>
      </NothingHere>
    );
  }
  return <LoadError error={error} retry={retry} />;
}

function LogSkeleton(): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className={classes.skeleton} role="status" aria-label={t('load.loading')}>
      <Skeleton height={30} width="60%" />
      {[78, 64, 82, 40, 71, 56].map((width) => (
        <Skeleton key={width} height={12} width={`${width}%`} />
      ))}
    </div>
  );
}
