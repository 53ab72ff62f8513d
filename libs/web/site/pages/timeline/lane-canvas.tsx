import { useComputedColorScheme } from '@mantine/core';
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type JSX,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { mirrorPage } from '../../routes/routes.js';
import type { Density } from './density.js';
import { drawLane, laneHeight, laneSizes, leastPx, type LaneFrame } from './draw-lane.js';
import classes from './lane.module.css';
import { intervalAt } from './pack-runs.js';
import { RunNote } from './run-note.js';
import type { RunKind, TimelineRun } from './timeline-runs.js';

/** Largest distance between pointer and run, pixels. */
const reachPx = 4;

/**
 * The picture of a lane. It is a canvas, as thousands of elements would be slow; the list contains the same in
 * words.
 */
export function LaneCanvas({
  worker,
  runs,
  rows,
  density,
  slots,
  frame,
  isLast,
}: {
  worker: string;
  runs: readonly TimelineRun[];
  rows: readonly (readonly TimelineRun[])[];
  density: Density;
  slots: number | undefined;
  frame: LaneFrame;
  isLast: boolean;
}): JSX.Element {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const scheme = useComputedColorScheme('light');
  const canvas = useRef<HTMLCanvasElement>(null);
  const [activeKey, setActiveKey] = useState<string>();
  const active = activeKey === undefined ? undefined : runs.find(({ key }) => key === activeKey);
  const height = laneHeight(rows.length);
  const { from, to, width } = frame;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    const style = getComputedStyle(element);
    drawLane(context, { rows, density, slots, ...frame }, (name) => style.getPropertyValue(name).trim());
  }, [rows, density, slots, frame, width, height, scheme]);

  const runAt = ({ nativeEvent: { offsetX, offsetY } }: MouseEvent): TimelineRun | undefined => {
    const row = rows[Math.floor((offsetY - laneSizes.density - laneSizes.gap) / laneSizes.row)];
    const millis = (to - from) / width;
    return row && intervalAt(row, from + offsetX * millis, reachPx * millis);
  };
  const open = (run: TimelineRun): void => {
    navigate(mirrorPage(run, run.kind === 'planned' || run.kind === 'running' ? 'now' : 'runs'));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && active) open(active);
    const index = active ? runs.indexOf(active) : firstAfter(runs, frame.now);
    const target = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: runs.length - 1 }[event.key];
    if (event.key === 'Escape') setActiveKey(undefined);
    if (target === undefined) return;
    event.preventDefault();
    setActiveKey(runs[Math.min(runs.length - 1, Math.max(0, target))]?.key);
  };
  const counts = useMemo(() => countKinds(runs), [runs]);
  const place = active && placeOf(active, rows, frame);
  return (
    <div className={`${classes.field} live`} style={{ width, height }}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        style={{ width, height }}
        tabIndex={0}
        role="application"
        aria-label={t('timeline.lane', {
          worker,
          past: counts.success + counts.failed + counts.killed,
          failed: counts.failed,
          running: counts.running,
          planned: counts.planned,
        })}
        data-hit={active !== undefined || undefined}
        onKeyDown={onKeyDown}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) setActiveKey(runs[firstAfter(runs, frame.now)]?.key);
        }}
        onBlur={() => {
          setActiveKey(undefined);
        }}
        onPointerMove={(event: PointerEvent) => {
          setActiveKey(runAt(event)?.key);
        }}
        onPointerLeave={({ pointerType }) => {
          if (pointerType === 'mouse') setActiveKey(undefined);
        }}
        onClick={(event) => {
          const run = runAt(event);
          // touch has no hover: the first tap shows which run the second one would open
          const isSeen =
            (event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch' || run === active;
          if (run && isSeen) open(run);
          else setActiveKey(run?.key);
        }}
      />
      {place && <span className={classes.mark} style={place} />}
      <RunNote run={active} place={place} width={width} isAbove={isLast} />
    </div>
  );
}

/** The place of a run in the picture. */
function placeOf(
  run: TimelineRun,
  rows: readonly (readonly TimelineRun[])[],
  { from, to, width }: LaneFrame,
): { left: number; top: number; width: number; height: number } {
  const xOf = (at: number): number => Math.min(width, Math.max(0, ((at - from) / (to - from)) * width));
  const row = rows.findIndex((runs) => runs.includes(run));
  const left = xOf(run.start);
  return {
    left: left - 2,
    top: laneSizes.density + laneSizes.gap + Math.max(0, row) * laneSizes.row - 1,
    width: Math.max(leastPx, xOf(run.end) - left) + 3,
    height: laneSizes.row + 2,
  };
}

function countKinds(runs: readonly TimelineRun[]): Record<RunKind, number> {
  const counts = { success: 0, failed: 0, killed: 0, running: 0, planned: 0 };
  for (const { kind } of runs) counts[kind] += 1;
  return counts;
}

function firstAfter(runs: readonly TimelineRun[], now: number): number {
  const index = runs.findIndex(({ start }) => start >= now);
  return index === -1 ? runs.length - 1 : index;
}
