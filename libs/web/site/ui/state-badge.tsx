import {
  IconCircleCheck,
  IconCircleDot,
  IconCircleX,
  IconClock,
  IconHourglass,
  IconMinus,
  IconPlayerPause,
  IconRefresh,
} from '@tabler/icons-react';
import type { ComponentType, CSSProperties, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '../api/types.js';
import classes from './state-badge.module.css';

const icons: Readonly<Record<JobState, ComponentType<{ size: number; className?: string }>>> = {
  success: IconCircleCheck,
  syncing: IconRefresh,
  waiting: IconClock,
  failed: IconCircleX,
  stale: IconHourglass,
  paused: IconPlayerPause,
  disabled: IconMinus,
  none: IconCircleDot,
};

/** The icon of a state, in its colour; it says nothing to those who do not see it. */
export function StateIcon({ state, size = 16 }: { state: JobState; size?: number }): JSX.Element {
  const Icon = icons[state];
  const turning = state === 'syncing' ? ` ${classes.turning}` : '';
  return (
    <span aria-hidden style={{ color: `var(--state-${state})`, display: 'inline-flex' }}>
      <Icon size={size} className={`${classes.icon}${turning}`} />
    </span>
  );
}

/** A state as a word, an icon and a colour: the same everywhere. */
export function StateBadge({ state }: { state: JobState }): JSX.Element {
  const { t } = useTranslation();
  const style = { '--badge': `var(--state-${state})` } as CSSProperties;
  return (
    <span className={classes.badge} style={style} data-state={state}>
      <StateIcon state={state} />
      {t(`state.${state}`)}
    </span>
  );
}
