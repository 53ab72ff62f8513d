import { Button } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isMissing } from '../model/log-model.js';
import type { LogState } from '../model/log-state.js';
import { reasonOf } from '../search/search-text.js';
import classes from './log-view.module.css';

/** Props of {@link LogNotices}. */
export interface LogNoticesProps {
  state: LogState;
  onNewest: () => void;
  onRetry: () => void;
}

/** Notices about the log that is shown: a newer one, its end, an error. */
export function LogNotices(props: LogNoticesProps): JSX.Element {
  // always present: screen readers announce changes in a region, not a new region
  return (
    <div role="status">
      <NoticeOf {...props} />
    </div>
  );
}

function NoticeOf({ state, onNewest, onRetry }: LogNoticesProps): JSX.Element | null {
  const { t } = useTranslation();
  const { notice, error, isNewest, stream } = state;
  const newest = { label: t('log.showNewest'), act: onNewest };
  const retry = { label: t('load.retry'), act: onRetry };
  if (isMissing(error)) return <Notice action={newest}>{t('log.missing')}</Notice>;
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
    <div className={classes.notice}>
      <span>{children}</span>
      {action && (
        <Button size="compact-xs" variant="default" onClick={action.act}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
