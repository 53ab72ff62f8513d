import { isZeroTime, toUnixMillis, type MirrorStatus } from '@tunasync/protocol';
import type { StopRecord, StoreChange } from '@tunasync/store';

/** What a report is compared with. */
export interface LateContext {
  /** The stop or disable of the mirror that nothing newer has undone. */
  stop?: Pick<StopRecord, 'at' | 'skew' | 'reported'> | undefined;
  /** How far the worker's clock is ahead of the manager's, in milliseconds, when that is known. */
  skew?: number | undefined;
}

/**
 * Whether a report was made before the mirror was stopped, so that it must not undo that.
 *
 * What the worker told before it reported the stop itself is compared on the worker's own clock. With the moment at
 * which the manager stored a command it is compared on the manager's: the worker's clock is corrected by what its
 * heartbeats tell now, or told when the command was given; when they never did, the clocks are taken to agree.
 */
export function isLate(report: MirrorStatus, context: LateContext): boolean {
  return !isStopped(report) && isBeforeStop(report, context);
}

/** Whether a pause was reported before the mirror was disabled, which says more: a flush drops it. */
export function isLatePause(current: MirrorStatus, report: MirrorStatus, context: LateContext): boolean {
  return current.status === 'disabled' && report.status === 'paused' && isBeforeStop(report, context);
}

function isBeforeStop(report: MirrorStatus, { stop, skew }: LateContext): boolean {
  const instant = instantOf(report);
  // workers of v0.10 carry no times: nothing can be told of their reports
  if (stop === undefined || instant === undefined) return false;
  if (stop.reported !== undefined && instant <= stop.reported) return true;
  return stop.at !== undefined && instant - (skew ?? stop.skew ?? 0) < stop.at;
}

/** Whether a run begins or goes on, in a report about one that `current` knows to have succeeded already. */
export function isOutrun(current: MirrorStatus, report: MirrorStatus): boolean {
  return (
    current.status === 'success' &&
    (report.status === 'pre-syncing' || report.status === 'syncing') &&
    !isZeroTime(report.last_started) &&
    toUnixMillis(report.last_started) === toUnixMillis(current.last_started)
  );
}

/** Whether the mirror waits for somebody to start it again. */
export function isStopped({ status }: Pick<MirrorStatus, 'status'>): boolean {
  return status === 'paused' || status === 'disabled';
}

/** The last instant that a report tells of, on the worker's clock; undefined when it carries no times. */
export function instantOf({ last_started, last_ended }: MirrorStatus): number | undefined {
  const instants = [last_started, last_ended].filter((time) => !isZeroTime(time)).map(toUnixMillis);
  return instants.length === 0 ? undefined : Math.max(...instants);
}

/** The stop to keep when the worker itself reports it. */
export function reportedStop(
  stop: StopRecord | undefined,
  report: MirrorStatus,
  { worker, skew = stop?.skew }: { worker: string; skew?: number | undefined },
): StopRecord {
  const { name } = report;
  const reported = Math.max(instantOf(report) ?? 0, stop?.reported ?? 0);
  // with clocks that may differ the worker's own order tells more than the moment of the command
  return skew === undefined || stop?.at === undefined
    ? { worker, name, reported }
    : { worker, name, at: stop.at, skew, reported };
}

/** The state of a mirror when a report arrives. */
export interface KnownState {
  /** Id of the worker that reports. */
  worker: string;
  /** The stored status. */
  current: MirrorStatus | undefined;
  /** The stored stop. */
  stop: StopRecord | undefined;
  /** See {@link LateContext}. */
  skew: number | undefined;
}

/** The changes of the stored stop: a reported stop is kept while the mirror is stopped; a newer report ends it. */
export function stopChanges(report: MirrorStatus, known: KnownState): StoreChange[] {
  const { worker, current, stop } = known;
  const { name } = report;
  if (!isStopped(report)) {
    return stop === undefined || isLate(report, known) ? [] : [{ type: 'delete-stop', worker, name }];
  }
  if (current !== undefined && isLatePause(current, report, known)) return [];
  const reported = reportedStop(stop, report, known);
  const isStored = stop?.at === reported.at && stop?.reported === reported.reported;
  return isStored ? [] : [{ type: 'put-stop', stop: reported }];
}
