import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '../../../actions/job-action.js';
import { queries } from '../../../api/queries.js';
import type { ApiJob } from '../../../api/types.js';
import { bytes, count, duration } from '../../../ui/format.js';
import { sizeText } from '../../../ui/size-text.js';
import { TimeAndAge } from '../../../ui/times.js';
import { lastDuration } from '../runs/run-outcome.js';
import { useRuns } from '../runs/use-runs.js';
import { CurrentRun } from './current-run.js';
import { Card, Cards, Facts } from './facts.js';
import { SchedulePart } from './schedule-part.js';
import { UpcomingRuns } from './upcoming-runs.js';

/** The current state of a mirror: its run, its last results, its schedule. */
export function NowTab({ job }: { job: ApiJob }): JSX.Element {
  const plan = useQuery(queries.plan(job));
  return (
    <Cards>
      {isRunning(job) && <CurrentRun job={job} plan={plan.data} />}
      <LastResults job={job} />
      <SchedulePart job={job} plan={plan} />
      {plan.data !== undefined && <UpcomingRuns plan={plan.data} />}
    </Cards>
  );
}

function LastResults({ job }: { job: ApiJob }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { data: runs = [] } = useRuns(job);
  const locale = i18n.language;
  const seconds = isRunning(job) && runs.length === 0 ? undefined : lastDuration(job, runs);
  const bytesOr = (value: number | undefined): string => (value === undefined ? '–' : bytes(value, locale));
  // zero is omitted on the wire; a worker that does not count failures may have had others
  const failures = job.consecutive_failures ?? (job.status === 'failed' ? undefined : 0);
  return (
    <Card title={t('mirror.now.last')}>
      <Facts
        facts={[
          [t('mirror.now.lastSuccess'), <TimeAndAge key="success" time={job.last_update} />],
          [t('mirror.now.lastRun'), <TimeAndAge key="run" time={job.last_ended} />],
          [t('mirror.now.duration'), seconds === undefined ? '–' : duration(seconds, locale)],
          [t('mirror.now.size'), sizeText(job.size, locale)],
          [t('mirror.now.lastReceived'), bytesOr(job.last_transferred_bytes)],
          [t('mirror.now.totalReceived'), bytesOr(job.total_transferred_bytes)],
          [t('mirror.now.failures'), failures === undefined ? '–' : count(failures, locale)],
        ]}
      />
    </Card>
  );
}
