import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobPlan } from '../../../api/types.js';
import { dayTime, millisOf } from '../../../ui/format.js';
import { RelativeTime } from '../../../ui/times.js';
import { Card } from './facts.js';
import factClasses from './facts.module.css';
import classes from './upcoming-runs.module.css';

/** The next runs of a mirror, as planned by its worker. */
export function UpcomingRuns({ plan: { upcoming, schedule } }: { plan: JobPlan }): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <Card title={t('mirror.now.upcoming')}>
      {upcoming.length === 0 ? (
        <p className={factClasses.dim}>{t('mirror.now.noUpcoming')}</p>
      ) : (
        <ol className={`${classes.list} live`}>
          {upcoming.map((time) => (
            <li key={time}>
              <span>{dayTime(millisOf(time) ?? 0, i18n.language)}</span>
              <RelativeTime time={time} />
            </li>
          ))}
        </ol>
      )}
      {schedule.kind === 'interval' && upcoming.length > 1 && (
        <p className={classes.note}>{t('mirror.now.estimated')}</p>
      )}
    </Card>
  );
}
