import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ActionButton } from '../../actions/action-button.js';
import { actionsFor } from '../../actions/job-action.js';
import { JobMenu } from '../../actions/job-menu.js';
import type { ApiJob } from '../../api/types.js';
import { workerPage } from '../../routes/routes.js';
import { StateBadge } from '../../ui/state-badge.js';
import classes from './mirror-head.module.css';

/** The name, state and actions of a mirror. */
export function MirrorHead({ job }: { job: ApiJob }): JSX.Element {
  const { t } = useTranslation();
  const [main, ...others] = actionsFor(job);
  return (
    <header className={classes.head}>
      <div className={classes.what}>
        <h1 className={classes.name} title={job.name}>
          {job.name}
        </h1>
        <span className={`${classes.state} live`} role="status">
          <StateBadge state={job.state} />
        </span>
      </div>
      <div className={classes.actions}>
        {main && <ActionButton key={main} action={main} job={job} variant="filled" />}
        {others.map((action) => (
          <span key={action} className={classes.wide}>
            <ActionButton action={action} job={job} />
          </span>
        ))}
        <span className={classes.narrow}>
          <JobMenu job={job} />
        </span>
      </div>
      <p className={classes.where}>
        <span>
          {t('mirror.worker')} <Link href={workerPage(job.worker)}>{job.worker}</Link>
        </span>
        {job.upstream !== '' && (
          <span className={classes.upstream}>
            {t('mirror.upstream')} <code>{job.upstream}</code>
          </span>
        )}
      </p>
    </header>
  );
}
