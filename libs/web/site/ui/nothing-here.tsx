import { Button } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http.js';
import classes from './nothing-here.module.css';

/** Shown instead of content, with the reason. */
export function NothingHere({ children }: { children: ReactNode }): JSX.Element {
  return <div className={classes.empty}>{children}</div>;
}

/** Shown if something could not be loaded. A worker or manager that is too old for it is not an error. */
export function LoadError({ error, retry }: { error: unknown; retry?: () => void }): JSX.Element {
  const { t } = useTranslation();
  if (error instanceof ApiError && error.status === 501) {
    return <div className={classes.empty}>{t('load.notOffered', { reason: error.message })}</div>;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return (
    <div className={classes.error} role="alert">
      <p>{t('load.failed', { reason })}</p>
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          {t('load.retry')}
        </Button>
      )}
    </div>
  );
}
