import { Button } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '../../../actions/job-action.js';
import { ApiError } from '../../../api/http.js';
import { queries } from '../../../api/queries.js';
import type { ApiJob, JobPlan } from '../../../api/types.js';
import { TimeAndAge } from '../../../ui/times.js';
import { Card, Facts } from './facts.js';
import classes from './facts.module.css';
import { listOf, scheduleText, type Schedule } from './schedule-text.js';

/** The schedule of a mirror, and its next run. Without a plan of the worker, the status provides the next run. */
export function SchedulePart({ job, plan }: { job: ApiJob; plan: UseQueryResult<JobPlan> }): JSX.Element {
  const { t } = useTranslation();
  const { data, error } = plan;
  const config = useQuery({ ...queries.config(job), enabled: data !== undefined });
  const blackout = config.data?.settings.find(({ key }) => key === 'blackout')?.value;
  const next = isRunning(job) ? (
    t('mirror.now.afterThis')
  ) : (
    <TimeAndAge time={job.next_schedule} never={t('mirror.now.notPlanned')} />
  );
  const isOld = error instanceof ApiError && error.status === 501;
  return (
    <Card title={t('mirror.now.schedule')}>
      <Facts
        facts={[
          [t('mirror.now.next'), next],
          [t('mirror.now.rule'), data && <Rule schedule={data.schedule} />],
          [t('mirror.now.blackout'), blackout === undefined ? undefined : wordsOf(blackout)],
          [t('mirror.now.provider'), data?.provider],
        ]}
      />
      {isOld && <p className={classes.dim}>{t('mirror.now.noPlan', { worker: job.worker })}</p>}
      {error !== null && !isOld && (
        <p className={classes.dim}>
          {t('load.failed', { reason: error.message })}{' '}
          <Button size="compact-xs" variant="default" onClick={() => void plan.refetch()}>
            {t('load.retry')}
          </Button>
        </p>
      )}
    </Card>
  );
}

function Rule({ schedule }: { schedule: Schedule }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { words, code, zone } = scheduleText(t, schedule, i18n.language);
  return (
    <>
      {words}
      {code !== undefined && (
        <>
          {' '}
          <code>{code}</code>
        </>
      )}
      {zone !== undefined && (
        <>
          {' '}
          <small>{zone}</small>
        </>
      )}
    </>
  );
}

/** The windows of a blackout, one per line. */
function wordsOf(toml: string): ReactNode {
  const windows = listOf(toml);
  return windows.length === 0 ? undefined : windows.map((window) => <div key={window}>{window}</div>);
}
