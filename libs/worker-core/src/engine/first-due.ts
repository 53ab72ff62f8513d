import type { MirrorConfig } from '@tunasync/config';
import { isZeroTime, toUnixMillis, type MirrorStatus, type WireTime } from '@tunasync/protocol';
import type { JobRecord } from '../interfaces.js';
import { newRecord } from '../job/report.js';

const minuteMs = 60_000;

/** Nothing is known of any mirror: the first starts are spread over an interval, but over this many minutes at most. */
const longestSpreadMinutes = 60;

/** What is known when a worker starts. Instants are milliseconds since the Unix epoch. */
export interface Knowledge {
  mirrors: readonly MirrorConfig[];
  /** The worker's own records, by mirror name. */
  records: ReadonlyMap<string, JobRecord>;
  /** The statuses that a manager has; undefined when none answered. */
  statuses: readonly MirrorStatus[] | undefined;
  /** Whether there is any manager to ask. */
  hasManager: boolean;
  now: number;
}

/**
 * The record that each mirror begins with, `nextDue` and `mode` included.
 *
 * A manager's answer decides, and its `paused` and `disabled` hold; the worker's own record fills in what the
 * manager does not know, or all when no manager answered. Source: the protocol's "Life of a worker" (docs/http-api.md).
 */
export function firstRecords(knowledge: Knowledge): JobRecord[] {
  const { mirrors, now } = knowledge;
  const statuses = new Map((knowledge.statuses ?? []).map((status) => [status.name, status]));
  const spread = knowledge.hasManager && knowledge.statuses === undefined;
  const unknown = mirrors.filter(({ name }) => !statuses.has(name) && !knowledge.records.has(name)).length;
  let nth = 0;
  return mirrors.map((mirror) => {
    const own = knowledge.records.get(mirror.name);
    const status = statuses.get(mirror.name);
    if (status !== undefined) return fromStatus(mirror, status, own, now);
    if (own !== undefined) return { ...own, nextDue: ownDue(mirror, own, now) };
    const window = Math.min(mirror.intervalMinutes, longestSpreadMinutes) * minuteMs;
    const nextDue = spread ? now + Math.floor((nth++ / unknown) * window) : now;
    return { ...newRecord(mirror.name), nextDue };
  });
}

/**
 * The records of which the manager that answered knows nothing though there is something to tell: it is new, or it
 * lost its database, and would otherwise show the mirror only after its next run. Disabled mirrors are not told of:
 * flushing them is how an admin removes them.
 *
 * @param first - what {@link firstRecords} made
 */
export function untoldRecords(first: readonly JobRecord[], { statuses }: Knowledge): JobRecord[] {
  if (statuses === undefined) return [];
  const known = new Set(statuses.map(({ name }) => name));
  return first.filter(
    ({ name, mode, lastEnded, running }) =>
      !known.has(name) && mode !== 'disabled' && (lastEnded > 0 || mode === 'paused') && running === null,
  );
}

function fromStatus(
  mirror: MirrorConfig,
  status: MirrorStatus,
  own: JobRecord | undefined,
  now: number,
): JobRecord {
  const base = own ?? newRecord(mirror.name);
  const later = (time: WireTime, kept: number): number => Math.max(kept, Math.min(millis(time), now));
  const record: JobRecord = {
    ...base,
    mode: modeOf(status, own),
    lastUpdate: later(status.last_update, base.lastUpdate),
    lastStarted: later(status.last_started, base.lastStarted),
    lastEnded: later(status.last_ended, base.lastEnded),
    errorMsg: own?.errorMsg ?? status.error_msg,
  };
  if (own === undefined && status.status !== 'paused' && status.status !== 'disabled') {
    record.lastStatus = status.status;
  }
  record.nextDue = record.mode === 'active' ? afterLastUpdate(mirror, record, now) : 0;
  return record;
}

/** A pause or disable that the manager has not heard of yet holds as well, unless the mirror ran since. */
function modeOf(status: MirrorStatus, own: JobRecord | undefined): JobRecord['mode'] {
  if (status.status === 'paused' || status.status === 'disabled') return status.status;
  if (own === undefined || millis(status.last_started) > own.lastStarted) return 'active';
  return own.mode;
}

/** The own record's time, unless the interval has become shorter meanwhile. */
function ownDue(mirror: MirrorConfig, own: JobRecord, now: number): number {
  if (own.mode !== 'active') return 0;
  if (own.nextDue === 0) return afterLastUpdate(mirror, own, now);
  return Math.min(own.nextDue, now + mirror.intervalMinutes * minuteMs);
}

function afterLastUpdate(mirror: MirrorConfig, record: JobRecord, now: number): number {
  return record.lastUpdate === 0 ? now : record.lastUpdate + mirror.intervalMinutes * minuteMs;
}

function millis(time: WireTime): number {
  return isZeroTime(time) ? 0 : toUnixMillis(time);
}
