import type { MirrorConfig } from '@tunasync/config';
import { isZeroTime, toUnixMillis, type MirrorStatus, type WireTime } from '@tunasync/protocol';
import { nextDue, withJitter } from '@tunasync/scheduler';
import type { JobRecord } from '../interfaces/job-record.js';
import { newRecord } from '../job/report.js';

const minuteMs = 60_000;

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
  /** A number from 0 up to 1, for `jitter`. */
  random: () => number;
}

/**
 * The record that each mirror begins with, `nextDue` and `mode` included.
 *
 * A manager's answer decides, and its `paused` and `disabled` hold; the worker's own record fills in what the
 * manager does not know, or all when no manager answered. Source: the protocol's "Life of a worker" (docs/http-api.md).
 */
export function firstRecords(knowledge: Knowledge): JobRecord[] {
  const { mirrors, now, random } = knowledge;
  const statuses = new Map((knowledge.statuses ?? []).map((status) => [status.name, status]));
  const spread = knowledge.hasManager && knowledge.statuses === undefined;
  const unknown = mirrors.filter(({ name }) => !statuses.has(name) && !knowledge.records.has(name)).length;
  let nth = 0;
  return mirrors.map((mirror) => {
    const own = knowledge.records.get(mirror.name);
    const status = statuses.get(mirror.name);
    if (status !== undefined) return withDue(fromStatus(mirror.name, status, own, now), mirror, knowledge);
    if (own !== undefined) return withDue(own, mirror, knowledge, own.nextDue);
    if (mirror.schedule.kind !== 'interval') {
      return { ...newRecord(mirror.name), nextDue: dueAfterStart(mirror, now, random) };
    }
    // no manager answered: all at once would be what it is most likely not meant to be
    const window = mirror.intervalMinutes * minuteMs;
    const nextDue = spread ? now + Math.floor((nth++ / unknown) * window) : now;
    return { ...newRecord(mirror.name), nextDue };
  });
}

/**
 * The records of which the manager that answered knows nothing though there is something to tell: it is new, it lost
 * its database, or the mirror has its first run at a later time of day; it would show the mirror only after its next
 * run. Disabled mirrors are not told of: flushing them is how an admin removes them.
 *
 * @param first - what {@link firstRecords} made
 */
export function untoldRecords(first: readonly JobRecord[], { now, statuses }: Knowledge): JobRecord[] {
  if (statuses === undefined) return [];
  const known = new Set(statuses.map(({ name }) => name));
  return first.filter(
    (record) =>
      !known.has(record.name) &&
      record.run === null &&
      (record.mode === 'paused' ||
        (record.mode === 'active' && (record.lastEnded > 0 || record.nextDue > now))),
  );
}

/** When a mirror that nothing is known of is due: by interval at once, else at the next time of its schedule. */
export function dueAfterStart(mirror: MirrorConfig, now: number, random: () => number): number {
  return mirror.schedule.kind === 'interval' ? now : dueBySchedule(mirror, now, random);
}

/** A run that is over; instants are milliseconds since the Unix epoch. */
export interface EndedRun {
  startedAt: number;
  /** Long ago when it ended while no worker was there. */
  endedAt: number;
  succeeded: boolean;
}

/** When a run is followed by the next one; 0: never. A time of day that has gone by is not caught up with. */
export function dueAfterRun(
  mirror: MirrorConfig,
  { startedAt, endedAt, succeeded }: EndedRun,
  { now, random }: Pick<Knowledge, 'now' | 'random'>,
): number {
  if (!succeeded && mirror.failureIntervalMinutes > 0) {
    return endedAt + mirror.failureIntervalMinutes * minuteMs;
  }
  if (mirror.schedule.kind === 'interval') return dueBySchedule(mirror, endedAt, random);
  // a clock that was put back a little during a short run must not bring its own time again
  const after = startedAt > now && startedAt - now < minuteMs ? startedAt : now;
  return dueBySchedule(mirror, after, random);
}

function dueBySchedule(mirror: MirrorConfig, after: number, random: () => number): number {
  return withJitter(nextDue(mirror.schedule, after), mirror.jitterMinutes, random);
}

function fromStatus(name: string, status: MirrorStatus, own: JobRecord | undefined, now: number): JobRecord {
  const base = own ?? newRecord(name);
  const later = (time: WireTime, kept: number): number => Math.max(kept, Math.min(millis(time), now));
  const told = status.status === 'paused' || status.status === 'disabled' ? 'none' : status.status;
  return {
    ...base,
    mode: modeOf(status, own),
    lastUpdate: later(status.last_update, base.lastUpdate),
    lastStarted: later(status.last_started, base.lastStarted),
    lastEnded: later(status.last_ended, base.lastEnded),
    errorMsg: own?.errorMsg ?? status.error_msg,
    lastStatus: own?.lastStatus ?? told,
  };
}

/** A pause or disable that the manager has not heard of yet holds as well, unless the mirror ran since. */
function modeOf(status: MirrorStatus, own: JobRecord | undefined): JobRecord['mode'] {
  if (status.status === 'paused' || status.status === 'disabled') return status.status;
  if (own === undefined || millis(status.last_started) > own.lastStarted) return 'active';
  return own.mode;
}

/**
 * The record with the time at which it is due. By interval: the worker's own time (`ownDue`, 0 when a manager tells), unless the interval has become shorter
 * meanwhile. By time of day: the next such time, as one that was missed is not caught up with; but the run that
 * follows a failed one keeps its time.
 */
function withDue(record: JobRecord, mirror: MirrorConfig, { now, random }: Knowledge, ownDue = 0): JobRecord {
  if (record.mode !== 'active') return { ...record, nextDue: 0 };
  const retry = record.lastStatus === 'failed' && mirror.failureIntervalMinutes > 0 && record.lastEnded > 0;
  if (mirror.schedule.kind !== 'interval') {
    const due = dueBySchedule(mirror, now, random);
    const again = retry ? record.lastEnded + mirror.failureIntervalMinutes * minuteMs : due;
    return { ...record, nextDue: due === 0 ? again : Math.min(due, again) };
  }
  const interval = mirror.intervalMinutes * minuteMs;
  if (ownDue !== 0) return { ...record, nextDue: Math.min(ownDue, now + interval) };
  return { ...record, nextDue: record.lastUpdate === 0 ? now : record.lastUpdate + interval };
}

function millis(time: WireTime): number {
  return isZeroTime(time) ? 0 : toUnixMillis(time);
}
