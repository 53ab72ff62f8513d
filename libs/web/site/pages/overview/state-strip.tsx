import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { JobState, JobStateCounts } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { count } from '../../ui/format.js';
import { StateIcon } from '../../ui/state-badge.js';
import classes from './state-strip.module.css';

const order: readonly JobState[] = [
  'failed',
  'stale',
  'syncing',
  'waiting',
  'success',
  'paused',
  'disabled',
  'none',
];

/** The number of mirrors in each state, with links to the table. */
export function StateStrip({ states }: { states: JobStateCounts }): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <nav aria-label={t('overview.states')}>
      <ul className={`${classes.strip} live`}>
        {order.map((state) => (
          <li key={state}>
            <Link
              href={`${pages.mirrors}?state=${state}`}
              className={classes.cell}
              data-state={state}
              data-none={states[state] === 0 || undefined}
            >
              <span className={classes.count}>{count(states[state], i18n.language)}</span>{' '}
              <span className={classes.word}>
                <StateIcon state={state} size={14} />
                {t(`state.${state}`)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
