import type { ApiTimeline } from '../../api/types.js';
import { millisOf } from '../../ui/format.js';

/** The result of a run, or that it is running or planned. */
export type RunKind = 'success' | 'failed' | 'killed' | 'running' | 'planned';

/** A run on the timeline; times in milliseconds since the Unix epoch. */
export interface TimelineRun {
  readonly key: string;
  readonly worker: string;
  readonly name: string;
  readonly kind: RunKind;
  readonly start: number;
  /** Expected end if it has not ended. */
  readonly end: number;
  /** Whether the end is known or can be estimated by the last run. */
  readonly hasEnd: boolean;
}

/** Drawn length of a run of unknown duration. */
export const unknownMs = 5 * 60_000;

/** The runs of a timeline, sorted by start. @param now - the manager's time, milliseconds since the Unix epoch */
export function timelineRuns({ past, running, planned }: ApiTimeline, now: number): TimelineRun[] {
  const runs: TimelineRun[] = [];
  for (const { id, worker, name, result, ...times } of past) {
    const start = millisOf(times.started);
    const end = millisOf(times.ended);
    if (start === undefined || end === undefined) continue;
    runs.push({ key: id, worker, name, kind: result, start, end: Math.max(start, end), hasEnd: true });
  }
  for (const { worker, name, started, eta } of running) {
    const start = millisOf(started);
    if (start === undefined) continue;
    const end = Math.max(start, now) + (eta ?? 0) * 1000;
    const key = JSON.stringify(['running', worker, name]);
    runs.push({ key, worker, name, kind: 'running', start, end, hasEnd: eta !== undefined });
  }
  for (const { worker, name, start: time, seconds } of planned) {
    const start = millisOf(time);
    if (start === undefined) continue;
    const end = start + (seconds === undefined ? unknownMs : seconds * 1000);
    const key = JSON.stringify(['planned', worker, name, time]);
    runs.push({ key, worker, name, kind: 'planned', start, end, hasEnd: seconds !== undefined });
  }
  return runs.sort((one, other) => one.start - other.start || (one.key < other.key ? -1 : 1));
}

/** Runs by worker, sorted by worker. @param also - workers to include even without runs */
export function lanesOf(
  runs: readonly TimelineRun[],
  also: readonly string[] = [],
): { worker: string; runs: TimelineRun[] }[] {
  const lanes = new Map<string, TimelineRun[]>(also.map((worker) => [worker, []]));
  for (const run of runs) {
    const lane = lanes.get(run.worker);
    if (lane === undefined) lanes.set(run.worker, [run]);
    else lane.push(run);
  }
  return [...lanes]
    .map(([worker, runs]) => ({ worker, runs }))
    .sort((one, other) => (one.worker < other.worker ? -1 : 1));
}
