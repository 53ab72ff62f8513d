import type { JSX } from 'react';
import classes from './meter.module.css';

/** A bar for the used part of something. @param share - 0 to 1 @param text - the same in words */
export function Meter({
  share,
  level = 'good',
  label,
  text,
}: {
  share: number;
  level?: 'good' | 'warning' | 'bad';
  label: string;
  text: string;
}): JSX.Element {
  const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
  return (
    <div
      className={classes.meter}
      data-level={level}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={text}
    >
      {percent > 0 && <span style={{ width: `${percent}%` }} />}
    </div>
  );
}
