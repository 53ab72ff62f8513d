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
import type { ComponentType, CSSProperties, JSX, ReactNode } from 'react';
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

/** The icon of a state in its colour, hidden from screen readers. */
export function StateIcon({ state, size = 16 }: { state: JobState; size?: number }): JSX.Element {
  const Icon = icons[state];
  const turning = state === 'syncing' ? ` ${classes.turning}` : '';
  return (
    <span aria-hidden style={{ color: `var(--state-${state})`, display: 'inline-flex' }}>
      <Icon size={size} className={`${classes.icon}${turning}`} />
    </span>
  );
}

/** A state with its icon and its colour. @param children - its word */
export function StateLabel({ state, children }: { state: JobState; children: ReactNode }): JSX.Element {
  const style = { '--badge': `var(--state-${state})` } as CSSProperties;
  return (
    <span className={classes.badge} style={style} data-state={state}>
      <StateIcon state={state} />
      {children}
    </span>
  );
}
