import type { TFunction } from 'i18next';
import { clockTime, dayTime, duration } from '../../ui/format.js';
import type { TimelineRun } from './timeline-runs.js';

const dayMs = 86_400_000;

/** Describes the times and the duration of a run. */
export function runTimes(t: TFunction, locale: string, run: TimelineRun): { span: string; length: string } {
  const from = dayTime(run.start, locale);
  const isFinished = run.kind !== 'planned' && run.kind !== 'running';
  const end = run.end - run.start < dayMs ? clockTime(run.end, locale) : dayTime(run.end, locale);
  return {
    span: run.hasEnd ? t('timeline.span', { from, to: end }) : t('timeline.from', { from }),
    length: lengthOf(t, locale, run, isFinished),
  };
}

function lengthOf(t: TFunction, locale: string, run: TimelineRun, isFinished: boolean): string {
  if (!run.hasEnd) return t('timeline.unknownDuration');
  const length = duration((run.end - run.start) / 1000, locale);
  return isFinished ? length : t('timeline.about', { duration: length });
}
