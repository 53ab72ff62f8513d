import { Button } from '@mantine/core';
import { IconArrowDown, IconPlayerPlay } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes, count } from '../../ui/format.js';
import type { LogState } from '../model/log-state.js';
import classes from './log-view.module.css';

/** Goes to the end of a log, and says how many lines arrived there. */
export function ToEndButton({ unseen, onClick }: { unseen: number; onClick: () => void }): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <Button
      className={classes.toEnd}
      size="xs"
      radius="xl"
      rightSection={<IconArrowDown size={14} aria-hidden />}
      onClick={onClick}
    >
      {unseen > 0
        ? t('log.newLines', { count: unseen, shown: count(unseen, i18n.language) })
        : t('log.toEnd')}
    </Button>
  );
}

/** Shows the position in the log, and current activity. @param at - offset after the visible part */
export function LogFoot({
  state,
  at,
  isOver,
}: {
  state: LogState;
  at: number;
  isOver: boolean;
}): JSX.Element {
  const { t, i18n } = useTranslation();
  const { follow, loading, phase, size } = state;
  return (
    <div className={classes.foot}>
      <span>{t('log.position', { at: bytes(at, i18n.language), size: bytes(size, i18n.language) })}</span>
      {(loading !== undefined || phase === 'loading') && <span>{t('log.loadingMore')}</span>}
      {follow.following && !isOver && (
        <span className={classes.following}>
          <IconPlayerPlay size={12} aria-hidden /> {t('log.following')}
        </span>
      )}
    </div>
  );
}
