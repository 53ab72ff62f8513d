import { Button, type ButtonProps } from '@mantine/core';
import { IconFileText, IconServer } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ActionButton } from '../../actions/action-button.js';
import type { ApiJob } from '../../api/types.js';
import { mirrorPage, workerPage } from '../../routes/routes.js';
import { millisOf } from '../../ui/format.js';
import { RelativeTime } from '../../ui/times.js';
import classes from './attention-list.module.css';

/** Number of failures in a row, and the last success. */
export function JobFacts({ job }: { job: ApiJob }): JSX.Element {
  const { t } = useTranslation();
  const failures = job.consecutive_failures ?? 0;
  return (
    <>
      {failures > 0 && (
        <span className={classes.failures}>{t('overview.attention.failures', { count: failures })}</span>
      )}
      {millisOf(job.last_update) === undefined ? (
        <span>{t('overview.attention.never')}</span>
      ) : (
        <span>
          {t('overview.attention.lastSuccess')} <RelativeTime time={job.last_update} />
        </span>
      )}
    </>
  );
}

/** The time of a worker's last report. */
export function LastHeard({ time }: { time: string }): JSX.Element {
  const { t } = useTranslation();
  return (
    <span>
      {t('overview.attention.lastHeard')} <RelativeTime time={time} />
    </span>
  );
}

/** Offers to start the mirror, or to open its worker if that is lost. */
export function JobActions({ job, isGone }: { job: ApiJob; isGone: boolean }): JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      {job.worker_state === 'lost' ? (
        <OpenWorker id={job.worker} />
      ) : (
        <ActionButton action="start" job={job} size="compact-xs" disabled={isGone} />
      )}
      <LinkButton
        href={mirrorPage(job, 'log')}
        leftSection={<IconFileText size={14} />}
        aria-label={t('overview.attention.logOf', { name: job.name })}
      >
        {t('overview.attention.openLog')}
      </LinkButton>
    </>
  );
}

/** A link to a worker. */
export function OpenWorker({ id }: { id: string }): JSX.Element {
  const { t } = useTranslation();
  return (
    <LinkButton
      href={workerPage(id)}
      leftSection={<IconServer size={14} />}
      aria-label={t('overview.attention.openWorkerNamed', { name: id })}
    >
      {t('overview.attention.openWorker')}
    </LinkButton>
  );
}

/** A link that looks like a button. */
function LinkButton({ href, ...props }: { href: string; 'aria-label'?: string } & ButtonProps): JSX.Element {
  return <Button component={Link} href={href} size="compact-xs" variant="default" {...props} />;
}
