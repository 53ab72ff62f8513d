import { Button } from '@mantine/core';
import { IconCircleX, IconFileText } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { isRunning } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { mirrorPage } from '../../../routes/routes.js';
import { millisOf } from '../../../ui/format.js';
import { RelativeTime } from '../../../ui/times.js';
import { furtherWords, reasonText } from '../runs/reason-text.js';
import { failureOf } from '../runs/run-outcome.js';
import { useRuns } from '../runs/use-runs.js';
import classes from './failure-banner.module.css';

/** Says why and when the last run failed, and since when the mirror has been failing; nothing after a success. */
export function FailureBanner({ job }: { job: ApiJob }): JSX.Element | null {
  const { t } = useTranslation();
  const { data: runs = [] } = useRuns(job);
  const failure = failureOf(job, runs);
  if (failure === undefined) return null;
  const { run, log, goesOn, ended } = failure;
  const further = furtherWords(failure);
  const query = log === undefined ? '' : `log=${encodeURIComponent(log)}`;
  // then its progress matters more
  const isUnderWay = isRunning(job);
  const failures = job.consecutive_failures ?? 0;
  return (
    <section className={classes.banner} aria-labelledby="failure">
      <span className={classes.icon} aria-hidden>
        <IconCircleX size={20} />
      </span>
      <div className={classes.body}>
        <h2 id="failure" className={classes.title}>
          {t(goesOn ? 'mirror.attemptFailed' : 'mirror.failed', { reason: reasonText(t, failure) })}
        </h2>
        {further !== '' && !isUnderWay && <Said words={further} />}
        <ul className={classes.facts}>
          <li>
            {t('mirror.ended')} <RelativeTime time={ended} never="–" />
            {run !== undefined && run.attempts > 1 && <> {t('mirror.attempts', { count: run.attempts })}</>}
          </li>
          {failures > 1 && <li>{t('mirror.failures', { count: failures })}</li>}
          <li>
            {millisOf(job.last_update) === undefined ? (
              t('mirror.neverSucceeded')
            ) : (
              <>
                {t('mirror.lastSuccess')} <RelativeTime time={job.last_update} />
              </>
            )}
          </li>
          {isUnderWay && <li>{t('mirror.underWay')}</li>}
        </ul>
      </div>
      <Button
        className={classes.open}
        size="xs"
        variant="default"
        leftSection={<IconFileText size={14} />}
        renderRoot={(props) => <Link {...props} href={mirrorPage(job, 'log', query)} />}
      >
        {t('mirror.openLog')}
      </Button>
    </section>
  );
}

/** The worker's message. A long one scrolls, also by keys. */
function Said({ words }: { words: string }): JSX.Element {
  const isLong = words.length > 400 || words.split('\n').length > 5;
  return (
    <p className={classes.said} data-long={isLong || undefined} tabIndex={isLong ? 0 : undefined}>
      {words}
    </p>
  );
}
