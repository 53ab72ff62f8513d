import { SegmentedControl } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import type { ApiJob, RunRecord } from '../../../api/types.js';
import { duration, millisOf } from '../../../ui/format.js';
import { lazyPart } from '../../../ui/lazy-part.js';
import { LoadError, NothingHere } from '../../../ui/nothing-here.js';
import { measures, summaryOf } from './chart-data.js';
import { RunTable } from './run-table.js';
import classes from './runs-tab.module.css';
import { useRuns } from './use-runs.js';

/** The library for charts is loaded with this tab only. */
const RunChart = lazyPart(async () => (await import('./run-chart.js')).RunChart);

/** Numbers of runs to choose from; the last one is the most that a manager returns. */
const ranges = [50, 200, 1000] as const;

/** The runs of a mirror as a chart and a table. */
export function RunsTab({ job }: { job: ApiJob }): JSX.Element {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const measure = measures.find((one) => one === search.get('show')) ?? 'duration';
  const range = ranges.find((one) => String(one) === search.get('range')) ?? ranges[0];
  const { data: runs, error, refetch } = useRuns(job, range);
  const choose = (key: string, value: string): void => {
    setSearch(
      (now) => {
        now.set(key, value);
        return now;
      },
      { replace: true },
    );
  };
  if (runs === undefined) {
    return error === null ? (
      <p role="status">{t('load.loading')}</p>
    ) : (
      <LoadError error={error} retry={() => void refetch()} />
    );
  }
  if (runs.length === 0) {
    const hasRun = millisOf(job.last_ended) !== undefined;
    return <NothingHere>{t(hasRun ? 'mirror.runs.noRecords' : 'mirror.runs.none')}</NothingHere>;
  }
  return (
    <div className={classes.runs}>
      <section className={classes.card} aria-label={t(`mirror.runs.${measure}`)}>
        <div className={classes.choices}>
          <SegmentedControl
            size="xs"
            aria-label={t('mirror.runs.measure')}
            value={measure}
            onChange={(value) => {
              choose('show', value);
            }}
            data={measures.map((value) => ({ value, label: t(`mirror.runs.${value}`) }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('mirror.runs.range')}
            value={String(range)}
            onChange={(value) => {
              choose('range', value);
            }}
            data={ranges.map((value) => ({
              value: String(value),
              label: value === 1000 ? t('mirror.runs.all') : t('mirror.runs.newest', { count: value }),
            }))}
          />
          <Summary runs={runs} />
        </div>
        <div className={classes.chart}>
          <RunChart job={job} runs={runs} measure={measure} />
        </div>
      </section>
      <RunTable job={job} runs={runs} />
    </div>
  );
}

function Summary({ runs }: { runs: readonly RunRecord[] }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { median, ...counts } = summaryOf(runs);
  const parts = (['success', 'failed', 'killed'] as const)
    .filter((result) => counts[result] > 0)
    .map((result) => `${counts[result]} ${t(`mirror.runs.results.${result}`)}`);
  const usual =
    median === undefined ? [] : [t('mirror.runs.median', { time: duration(median, i18n.language) })];
  return (
    <p className={classes.summary} role="status">
      {[t('mirror.runs.counts', { count: runs.length }), ...parts, ...usual].join(' · ')}
    </p>
  );
}
