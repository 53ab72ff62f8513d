import { useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { workerPage } from '../../routes/routes.js';
import { clockTime } from '../../ui/format.js';
import { densityOf, type Density } from './density.js';
import { leastPx, mostRows, type LaneFrame } from './draw-lane.js';
import { LaneCanvas } from './lane-canvas.js';
import classes from './lane.module.css';
import { packRuns } from './pack-runs.js';
import type { TimelineRun } from './timeline-runs.js';

/** The runs of a worker, and above them the number of simultaneous runs. */
export function Lane({
  worker,
  runs,
  slots,
  frame,
  isLast,
}: {
  worker: string;
  runs: readonly TimelineRun[];
  slots: number | undefined;
  frame: LaneFrame;
  isLast: boolean;
}): JSX.Element {
  const { t } = useTranslation();
  const { from, to, width } = frame;
  const packed = useMemo(
    () => packRuns(runs, ((to - from) / width) * (leastPx + 1), mostRows),
    [runs, from, to, width],
  );
  const density = useMemo(
    () => densityOf(runs, { from, to }, Math.max(1, Math.floor(width / 2))),
    [runs, from, to, width],
  );
  return (
    <section className={classes.lane} aria-label={worker}>
      <div className={classes.head}>
        <Link href={workerPage(worker)} className={classes.name}>
          {worker}
        </Link>
        {slots !== undefined && slots > 0 && <span>{t('timeline.slots', { count: slots })}</span>}
        <Peak density={density} slots={slots} />
        {packed.left > 0 && <span>{t('timeline.crowded', { count: packed.left })}</span>}
      </div>
      <LaneCanvas
        worker={worker}
        runs={runs}
        rows={packed.rows}
        density={density}
        slots={slots}
        frame={frame}
        isLast={isLast}
      />
    </section>
  );
}

function Peak({ density, slots }: { density: Density; slots: number | undefined }): JSX.Element | null {
  const { t, i18n } = useTranslation();
  const { count: peak, at } = density.peak;
  if (peak < 2) return null;
  const time = clockTime(at, i18n.language);
  if (slots === undefined || slots === 0 || peak <= slots) {
    return <span>{t('timeline.peak', { peak, time })}</span>;
  }
  return <strong className={classes.pileUp}>{t('timeline.pileUp', { peak, time, slots })}</strong>;
}
