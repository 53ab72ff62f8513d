import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection, useLiveFeed } from '../live/live-context.js';
import { clockTime } from '../ui/format.js';
import { useNow } from '../ui/now.js';
import classes from './connection-note.module.css';

/** The state of the connection in the header: whether the page is up to date. */
export function ConnectionDot(): JSX.Element {
  const { t } = useTranslation();
  const { state } = useConnection();
  useEffect(() => {
    document.documentElement.dataset.connection = state;
  }, [state]);
  return (
    <span className={classes.dot} data-state={state} role="status">
      <span>{t(`connection.${state === 'lost' ? 'offline' : state}`)}</span>
    </span>
  );
}

/** Says since when the connection has been lost, and when the next retry is. */
export function ConnectionNote(): JSX.Element | null {
  const connection = useConnection();
  return connection.state === 'lost' ? <Lost {...connection} /> : null;
}

function Lost({ since, retryAt }: { since: number; retryAt: number }): JSX.Element {
  const { t, i18n } = useTranslation();
  const feed = useLiveFeed();
  const time = clockTime(since, i18n.language);
  const seconds = Math.max(0, Math.ceil((retryAt - useNow()) / 1000));
  return (
    <div className={classes.lost} role="alert">
      <IconPlugConnectedX size={18} aria-hidden />
      <span>
        {seconds === 0
          ? t('connection.trying', { since: time })
          : t('connection.lost', { since: time, count: seconds })}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          feed.retry();
        }}
      >
        {t('connection.retry')}
      </Button>
    </div>
  );
}
