import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { keyOf } from '../../actions/job-action.js';
import type { ApiJob } from '../../api/types.js';
import { mirrorPage } from '../../routes/routes.js';
import { millisOf } from '../../ui/format.js';
import { useNow } from '../../ui/now.js';
import { Section } from '../../ui/section.js';
import { RelativeTime } from '../../ui/times.js';
import classes from './next-list.module.css';

/** The runs that are due next. */
export function NextList({ next }: { next: ApiJob[] }): JSX.Element {
  const { t } = useTranslation();
  return (
    <Section title={t('overview.next.title')}>
      {next.length === 0 && <p className={`${classes.none} live`}>{t('overview.next.none')}</p>}
      <ul className={`${classes.list} live`} aria-label={t('overview.next.title')}>
        {next.map((job) => (
          <li key={keyOf(job)}>
            <Link href={mirrorPage(job)} className={classes.row}>
              <span className={classes.name} title={job.name}>
                {job.name}
              </span>
              <span className={classes.at}>{job.worker}</span>
              <span className={classes.when}>
                <When time={job.next_schedule} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function When({ time }: { time: string }): JSX.Element {
  const { t } = useTranslation();
  const millis = millisOf(time);
  const now = useNow();
  return millis !== undefined && millis <= now ? (
    <span>{t('overview.next.due')}</span>
  ) : (
    <RelativeTime time={time} />
  );
}
