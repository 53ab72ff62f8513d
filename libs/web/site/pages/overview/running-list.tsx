import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ActionButton } from '../../actions/action-button.js';
import { keyOf } from '../../actions/job-action.js';
import type { ApiJob } from '../../api/types.js';
import { mirrorPage, pages } from '../../routes/routes.js';
import { count } from '../../ui/format.js';
import { ProgressLine } from '../../ui/progress-line.js';
import { Section } from '../../ui/section.js';
import { StateIcon } from '../../ui/state-badge.js';
import { Elapsed } from '../../ui/times.js';
import { useHeldList } from '../../ui/use-held-list.js';
import { waitText } from '../../ui/wait-text.js';
import { MoreRows, shownAtFirst } from './more-rows.js';
import classes from './running-list.module.css';

/** Runs in progress, the oldest first. */
export function RunningList({ running, total }: { running: ApiJob[]; total: number }): JSX.Element {
  const { t, i18n } = useTranslation();
  const [rows, held] = useHeldList(running, keyOf);
  const [isAll, setAll] = useState(false);
  const shown = isAll ? rows : rows.slice(0, shownAtFirst);
  return (
    <Section title={t('overview.running.title')} count={total > 0 ? count(total, i18n.language) : undefined}>
      {rows.length === 0 && <p className={`${classes.none} live`}>{t('overview.running.none')}</p>}
      <ul className={classes.list} {...held} aria-label={t('overview.running.title')}>
        {shown.map(({ key, item, isGone }) => (
          <RunningRow key={key} job={item} isGone={isGone} />
        ))}
      </ul>
      <MoreRows
        hidden={rows.length - shown.length}
        further={total - running.length}
        href={`${pages.mirrors}?state=syncing,waiting`}
        onShow={() => {
          setAll(true);
        }}
      />
    </Section>
  );
}

function RunningRow({ job, isGone }: { job: ApiJob; isGone: boolean }): JSX.Element {
  const { t } = useTranslation();
  return (
    <li className={classes.row} data-gone={isGone || undefined}>
      <span className={classes.what}>
        <span className={`${classes.icon} live`}>
          <StateIcon state={job.state} />
        </span>
        <Link href={mirrorPage(job)} className={classes.name} title={job.name}>
          {job.name}
        </Link>
        <span className={classes.at}>{job.worker}</span>
      </span>
      <span className={classes.progress}>
        {job.status === 'syncing' ? (
          <ProgressLine job={job} />
        ) : (
          <span className={classes.waits}>
            {job.waits ? waitText(t, job.waits) : t(`state.${job.state}`)}
          </span>
        )}
      </span>
      <span className={`${classes.elapsed} live`}>
        <span className={classes.since}>{t('overview.running.since')} </span>
        <Elapsed since={job.last_started} />
      </span>
      <ActionButton action="stop" job={job} size="compact-xs" disabled={isGone} />
    </li>
  );
}
