import { Button } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http.js';
import classes from './log-notices.module.css';
import type { LogState } from './log-state.js';
import { reasonOf } from './search-text.js';

/** What is to be known of the log that is shown: a newer one, its end, that something cannot be read. */
export function LogNotices({
  state,
  onNewest,
  onRetry,
}: {
  state: LogState;
  onNewest: () => void;
  onRetry: () => void;
}): JSX.Element | null {
  const { t } = useTranslation();
  const { notice, error, isNewest, stream } = state;
  const newest = { label: t('log.showNewest'), act: onNewest };
  const retry = { label: t('load.retry'), act: onRetry };
  if (error instanceof ApiError && error.status === 404)
    return <Notice action={newest}>{t('log.missing')}</Notice>;
  if (error !== undefined)
    return <Notice action={retry}>{t('load.failed', { reason: reasonOf(error) })}</Notice>;
  if (notice !== undefined) return <Notice action={newest}>{t(`log.${notice.kind}`)}</Notice>;
  if (isNewest && stream === 'lost') return <Notice>{t('log.reconnecting')}</Notice>;
  return null;
}

function Notice({
  children,
  action,
}: {
  children: ReactNode;
  action?: { label: string; act: () => void };
}): JSX.Element {
  return (
    <div className={classes.notice} role="status">
      <span>{children}</span>
      {action && (
        <Button size="compact-xs" variant="default" onClick={action.act}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
