import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../api/queries.js';
import type { ApiOverview } from '../../api/types.js';
import { FirstWorker } from '../../ui/first-worker.js';
import { LoadError, NothingHere } from '../../ui/nothing-here.js';
import { useTitle } from '../../ui/use-title.js';
import { AttentionList } from './attention-list.js';
import { headlineOf } from './headline-of.js';
import { Headline, headlineWords } from './headline.js';
import { NextList } from './next-list.js';
import classes from './page.module.css';
import { RunStrip } from './run-strip.js';
import { RunningList } from './running-list.js';
import { StateStrip } from './state-strip.js';

/** The page `/ui/`, which answers whether anything is wrong. */
export function OverviewPage(): JSX.Element {
  const { data, error, refetch } = useQuery({ ...queries.overview(), refetchInterval: 60_000 });
  if (data !== undefined) return <Overview overview={data} />;
  if (error === null) return <Loading />;
  return <Failed error={error} retry={() => void refetch()} />;
}

function Overview({ overview }: { overview: ApiOverview }): JSX.Element {
  const { t } = useTranslation();
  const said = headlineOf(overview);
  useTitle(headlineWords(t, said));
  if (said.level === 'empty') {
    return (
      <div className={classes.page}>
        <Headline overview={overview} />
        {said.key === 'noWorkers' ? <FirstWorker /> : <NothingHere>{t('first.noMirrors')}</NothingHere>}
      </div>
    );
  }
  return (
    <div className={classes.page}>
      <Headline overview={overview} />
      <StateStrip states={overview.states} />
      <div className={classes.parts}>
        <div className={classes.main}>
          <AttentionList attention={overview.attention} total={overview.attention_total} />
          <RunningList running={overview.running} total={overview.running_total} />
        </div>
        <div className={classes.side}>
          <RunStrip runs={overview.runs} />
          <NextList next={overview.next} />
        </div>
      </div>
    </div>
  );
}

function Loading(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('overview.title'));
  return (
    <div className={classes.page} aria-busy>
      <h1 className={classes.hidden}>{t('load.loading')}</h1>
      <Skeleton height={40} width="40%" />
      <Skeleton height={64} />
      <Skeleton height={240} />
    </div>
  );
}

function Failed(props: { error: unknown; retry: () => void }): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('overview.title'));
  return (
    <>
      <h1 className={classes.hidden}>{t('overview.title')}</h1>
      <LoadError {...props} />
    </>
  );
}
