import {
  isZeroTime,
  publicUpstream,
  toUnixMillis,
  toWireTime,
  zeroTime,
  type MirrorStatus,
  type WireTime,
} from '@tunasync/protocol';
import { isLate, isLatePause, isOutrun, isStopped, type LateContext } from './late-report.js';

/** What the rules of {@link applyReport} need besides the two statuses. */
export interface ReportContext extends LateContext {
  /** Id of the worker, from the path. */
  worker: string;
  /** Milliseconds since the Unix epoch. */
  now: number;
}

/**
 * The status to store when `report` arrives and `current` is stored: the rules for a status report of
 * docs/http-api.md. Pure.
 *
 * Times that the report carries count instead of now, unless they are zero or in the future. A report that was
 * made before a stop or disable still tells when things happened, but not the state.
 */
export function applyReport(
  current: MirrorStatus | undefined,
  report: MirrorStatus,
  context: ReportContext,
): MirrorStatus {
  const { now, worker } = context;
  const carried = (time: WireTime): WireTime | undefined => (isCarried(time, now) ? time : undefined);
  const kept = (field: 'last_started' | 'last_ended' | 'last_update'): WireTime =>
    // with nothing known, what the worker remembers is better than nothing
    current === undefined ? (carried(report[field]) ?? zeroTime) : current[field];
  const present = (...times: readonly WireTime[]): WireTime =>
    times.find((time) => isCarried(time, now)) ?? toWireTime(now);

  const starts = report.status === 'pre-syncing' && current?.status !== 'pre-syncing';
  const succeeds = report.status === 'success';
  const ends = succeeds || report.status === 'failed';
  // readers tell success by both being the same
  const ended = ends
    ? present(report.last_ended, ...(succeeds ? [report.last_update] : []))
    : kept('last_ended');
  const status: MirrorStatus = {
    name: report.name,
    worker,
    is_master: report.is_master,
    status: report.status,
    last_update: succeeds ? ended : kept('last_update'),
    last_started: starts ? present(report.last_started) : kept('last_started'),
    last_ended: ended,
    next_schedule: nextSchedule(current, report),
    // older workers report it as it is written in their files
    upstream: publicUpstream(report.upstream),
    size: isKnownSize(report.size) ? report.size : (current?.size ?? report.size),
    error_msg: report.error_msg,
    ...extensions(current, report),
  };
  const keepsState =
    current !== undefined &&
    (isLate(report, context) || isLatePause(current, report, context) || isOutrun(current, report));
  if (keepsState) {
    const { status: state, next_schedule, error_msg } = current;
    return { ...status, status: state, next_schedule, error_msg };
  }
  return status;
}

function isCarried(time: WireTime, now: number): boolean {
  return !isZeroTime(time) && toUnixMillis(time) <= now;
}

/** A stopped mirror is not due; else the zero time means that the worker does not say. */
function nextSchedule(current: MirrorStatus | undefined, report: MirrorStatus): WireTime {
  if (isStopped(report) || current === undefined) return report.next_schedule;
  return isZeroTime(report.next_schedule) ? current.next_schedule : report.next_schedule;
}

function isKnownSize(size: string): boolean {
  return size !== '' && size !== 'unknown';
}

/**
 * The extension fields that are set and not zero: readers of v0.10 never see the others. What the report does not
 * tell stays as the records of finished runs made it.
 */
function extensions(current: MirrorStatus | undefined, report: MirrorStatus): Partial<MirrorStatus> {
  const { stale } = report;
  // one that is not told any more is not known any more
  const stale_after = positive(report.stale_after);
  const last_transferred_bytes = positive(report.last_transferred_bytes) ?? current?.last_transferred_bytes;
  const total_transferred_bytes =
    positive(report.total_transferred_bytes) ?? current?.total_transferred_bytes;
  const failures = report.status === 'success' ? undefined : current?.consecutive_failures;
  const consecutive_failures = positive(report.consecutive_failures) ?? failures;
  return {
    ...(last_transferred_bytes ? { last_transferred_bytes } : {}),
    ...(total_transferred_bytes ? { total_transferred_bytes } : {}),
    ...(consecutive_failures ? { consecutive_failures } : {}),
    ...(stale_after ? { stale_after } : {}),
    ...(stale === true ? { stale } : {}),
  };
}

function positive(count: number | undefined): number | undefined {
  return count === 0 ? undefined : count;
}
