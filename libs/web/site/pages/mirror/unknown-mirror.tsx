import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { JobKey } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { NothingHere } from '../../ui/nothing-here.js';
import classes from './page.module.css';

/** Shown if a worker has no such mirror, with links that help. */
export function UnknownMirror({ worker, name }: JobKey): JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <h1 className={classes.title}>{name}</h1>
      <NothingHere>
        <p>{t('mirror.unknown', { worker, name })}</p>
        <p>{t('mirror.removed')}</p>
        <Link className={classes.textLink} href={`${pages.mirrors}?q=${encodeURIComponent(name)}`}>
          {t('mirror.find', { name })}
        </Link>
      </NothingHere>
    </>
  );
}
