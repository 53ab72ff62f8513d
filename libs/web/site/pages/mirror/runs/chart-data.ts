import type { RunRecord } from '../../../api/types.js';
import { millisOf } from '../../../ui/format.js';
import { bytesOf } from '../../../ui/size-text.js';
import { runSeconds } from './run-outcome.js';

/** Values of runs that a chart can show: seconds, or bytes. */
export const measures = ['duration', 'bytes', 'size'] as const;
/** A value of runs that a chart can show. */
export type Measure = (typeof measures)[number];

/** A run in a chart. */
export interface ChartPoint {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly result: RunRecord['result'];
  /** null: unknown. */
  readonly value: number | null;
  readonly run: RunRecord;
}

/** The runs of a chart, oldest first. @param runs - newest first */
export function chartPoints(runs: readonly RunRecord[], measure: Measure): ChartPoint[] {
  const points = runs.map((run) => ({
    id: run.id,
    at: millisOf(run.started) ?? millisOf(run.ended) ?? 0,
    result: run.result,
    value: valueOf(run, measure) ?? null,
    run,
  }));
  return points.reverse();
}

/** A value of a run; undefined if unknown. */
export function valueOf(run: RunRecord, measure: Measure): number | undefined {
  switch (measure) {
    case 'duration':
      return runSeconds(run);
    case 'bytes':
      return run.bytes_transferred;
    case 'size':
      // the size in a failed run is not the size of the mirror
      return run.result === 'success' ? (run.total_bytes ?? bytesOf(run.size)) : undefined;
  }
}

/** Steps of a time axis in units that people use, seconds. */
const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** The ticks of an axis for values from `low` to `high`, in round steps; the last one is at or above `high`. */
export function axisTicks(low: number, high: number, measure: Measure): number[] {
  const step = stepFor(Math.max(high - low, 0) / 4 || 1, high, measure);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** @param high - determines the unit of the ticks */
function stepFor(least: number, high: number, measure: Measure): number {
  if (measure === 'duration') {
    const day = 86_400;
    return timeSteps.find((step) => step >= least) ?? roundStep(least / day) * day;
  }
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(high, 1)) / Math.log(1024)));
  return Math.max(1, roundStep(least / unit) * unit);
}

/** The smallest 1, 2 or 5 times a power of ten that is at or above a number. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((one) => one * power >= least * 0.999_999) ?? 10;
  return step * power;
}

/** Counts of runs by result, and the usual duration. */
export interface RunSummary {
  readonly success: number;
  readonly failed: number;
  readonly killed: number;
  /** Median duration of successful runs, seconds. */
  readonly median?: number | undefined;
}

/** Summarizes runs. */
export function summaryOf(runs: readonly RunRecord[]): RunSummary {
  const of = (result: RunRecord['result']): RunRecord[] => runs.filter((run) => run.result === result);
  const good = of('success');
  const seconds = good
    .map(runSeconds)
    .filter((value) => value !== undefined)
    .sort((one, other) => one - other);
  return {
    success: good.length,
    failed: of('failed').length,
    killed: of('killed').length,
    median: seconds[Math.floor(seconds.length / 2)],
  };
}
