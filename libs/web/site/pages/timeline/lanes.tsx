import { useElementSize } from '@mantine/hooks';
import { useEffect, useEffectEvent, useMemo, useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime, dayName } from '../../ui/format.js';
import { useNow } from '../../ui/now.js';
import type { LaneFrame } from './draw-lane.js';
import { Lane } from './lane.js';
import classes from './lanes.module.css';
import { ticksOf } from './ticks.js';
import type { TimelineRun } from './timeline-runs.js';

/** The lanes of all workers, with a line for the current time. */
export function Lanes({
  lanes,
  slots,
  from,
  to,
  now,
  clockOffset,
  at,
}: {
  lanes: readonly { worker: string; runs: readonly TimelineRun[] }[];
  slots: ReadonlyMap<string, number | undefined>;
  from: number;
  to: number;
  now: number;
  /** Milliseconds by which the manager's clock is ahead of the browser's. */
  clockOffset: number;
  at: number | undefined;
}): JSX.Element {
  const { t } = useTranslation();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const frame = useMemo<LaneFrame>(
    () => ({ from, to, now, width, ticks: ticksOf({ from, to }, width) }),
    [from, to, now, width],
  );
  const region = useRef<HTMLDivElement>(null);
  const isReady = width > 0;
  // if it scrolls sideways, it starts at the time of interest; later scrolling is up to the user
  const lookAt = useEffectEvent(() => {
    const element = region.current;
    if (element === null) return;
    const share = ((at ?? now) - from) / (to - from);
    element.scrollLeft = element.scrollWidth * share - element.clientWidth / 2;
  });
  useEffect(() => {
    if (isReady) lookAt();
  }, [isReady]);
  return (
    <div ref={region} className={classes.region} role="region" aria-label={t('timeline.region')} tabIndex={0}>
      <div ref={ref} className={classes.inner}>
        {isReady && (
          <>
            <Axis frame={frame} />
            {at !== undefined && at > from && at < to && (
              <span className={classes.at} style={{ left: `${((at - from) / (to - from)) * 100}%` }} />
            )}
            {lanes.map(({ worker, runs }, index) => (
              <Lane
                isLast={index === lanes.length - 1}
                key={worker}
                worker={worker}
                runs={runs}
                slots={slots.get(worker)}
                frame={frame}
              />
            ))}
            <NowLine from={from} to={to} clockOffset={clockOffset} />
          </>
        )}
      </div>
    </div>
  );
}

function Axis({ frame: { from, to, now, width, ticks } }: { frame: LaneFrame }): JSX.Element {
  const { i18n } = useTranslation();
  const xOfNow = ((now - from) / (to - from)) * width;
  return (
    <div className={classes.axis} aria-hidden>
      {ticks.map(({ at, isDay }) => {
        const left = ((at - from) / (to - from)) * width;
        if (left < 24 || left > width - 24 || Math.abs(left - xOfNow) < 40) return null;
        return (
          <span key={at} style={{ left }} data-day={isDay || undefined}>
            {isDay ? dayName(at, i18n.language) : clockTime(at, i18n.language)}
          </span>
        );
      })}
    </div>
  );
}

function NowLine({ from, to, clockOffset }: { from: number; to: number; clockOffset: number }): JSX.Element {
  const { t } = useTranslation();
  const now = useNow(10_000) + clockOffset;
  const left = Math.min(100, ((now - from) / (to - from)) * 100);
  return (
    <span className={classes.now} style={{ left: `${left}%` }}>
      <span>{t('timeline.now')}</span>
    </span>
  );
}
