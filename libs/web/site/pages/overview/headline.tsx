import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconPlugConnected } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { ComponentType, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiOverview } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { headlineOf, type Headline as Said, type Level } from './headline-of.js';
import classes from './headline.module.css';

const icons: Readonly<Record<Level, ComponentType<{ size: number }>>> = {
  good: IconCircleCheck,
  warning: IconAlertTriangle,
  bad: IconCircleX,
  empty: IconPlugConnected,
};

const workerStates = ['online', 'lost', 'unknown'] as const;

/** One sentence that says whether anything is wrong. */
export function Headline({ overview }: { overview: ApiOverview }): JSX.Element {
  const { t } = useTranslation();
  const said = headlineOf(overview);
  const Icon = icons[said.level];
  const workers = workerStates.filter((state) => overview.workers[state] > 0);
  return (
    <div className={`${classes.headline} live`} data-level={said.level}>
      <span className={classes.icon} aria-hidden>
        <Icon size={28} />
      </span>
      <h1 className={classes.words}>{headlineWords(t, said)}</h1>
      {workers.length > 0 && (
        <Link href={pages.workers} className={classes.workers}>
          {workers
            .map((state) => t(`overview.workers.${state}`, { count: overview.workers[state] }))
            .join(' · ')}
        </Link>
      )}
    </div>
  );
}

/** The text of the headline. */
export function headlineWords(t: TFunction, said: Said): string {
  if (said.level === 'empty') return t(`overview.headline.${said.key}`);
  if (said.level === 'good') return t(`overview.headline.${said.key}`, { count: said.count });
  return said.parts
    .map(({ key, count }) => t(`overview.headline.${key}`, { count }))
    .join(t('overview.headline.join'));
}
