import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import { queries } from '../../api/queries.js';
import type { ApiTimeline, ApiWorker } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { millisOf } from '../../ui/format.js';
import { LoadError, NothingHere } from '../../ui/nothing-here.js';
import { useTitle } from '../../ui/use-title.js';
import { Controls } from './controls.js';
import { Lanes } from './lanes.js';
import classes from './page.module.css';
import { Legend } from './run-kind.js';
import { RunList } from './run-list.js';
import { lanesOf, timelineRuns } from './timeline-runs.js';
import { readView, writeView, type TimelineView } from './timeline-view.js';
import { useTimeline } from './use-timeline.js';

const hourMs = 3_600_000;

/** The page `/ui/timeline`: past and planned runs by worker. */
export function TimelinePage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('timeline.title'));
  const view = readView(useSearch());
  const [, navigate] = useLocation();
  const { data, error, refetch, dataUpdatedAt } = useTimeline(view);
  const { data: workers = [] } = useQuery(queries.workers());
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{t('timeline.title')}</h1>
        <Controls
          view={view}
          workers={workers.map(({ id }) => id)}
          onChange={(changed) => {
            const search = writeView(changed);
            navigate(`${pages.timeline}${search === '' ? '' : `?${search}`}`, { replace: true });
          }}
        />
      </div>
      {data !== undefined ? (
        <Timeline timeline={data} workers={workers} view={view} askedAt={dataUpdatedAt} />
      ) : error === null ? (
        <Skeleton height={320} />
      ) : (
        <LoadError error={error} retry={() => void refetch()} />
      )}
    </div>
  );
}

function Timeline({
  timeline,
  workers,
  view,
  askedAt,
}: {
  timeline: ApiTimeline;
  workers: readonly ApiWorker[];
  view: TimelineView;
  askedAt: number;
}): JSX.Element {
  const { t } = useTranslation();
  const now = millisOf(timeline.now) ?? askedAt;
  const from = millisOf(timeline.from) ?? now;
  const to = millisOf(timeline.to) ?? now;
  const runs = useMemo(() => timelineRuns(timeline, now), [timeline, now]);
  const lanes = useMemo(() => lanesOf(runs, timeline.unplanned), [runs, timeline]);
  const slots = useMemo(() => new Map(workers.map((worker) => [worker.id, worker.slots])), [workers]);
  return (
    <>
      {timeline.truncated && <p className={classes.note}>{t('timeline.truncated')}</p>}
      {timeline.unplanned.length > 0 && (
        <p className={classes.note}>{t('timeline.unplanned', { workers: timeline.unplanned.join(', ') })}</p>
      )}
      {runs.length === 0 ? (
        <NothingHere>{t('timeline.none')}</NothingHere>
      ) : view.isList ? (
        <RunList runs={runs} />
      ) : (
        <>
          <Legend />
          <Lanes
            key={Math.round((to - from) / hourMs)}
            lanes={lanes}
            slots={slots}
            from={from}
            to={to}
            now={now}
            clockOffset={now - askedAt}
            at={view.at}
          />
        </>
      )}
    </>
  );
}
