import type { MirrorConfig } from '@tunasync/config';
import {
  publicUpstream,
  toWireTime,
  zeroTime,
  type MirrorStatus,
  type SyncStatus,
  type WireTime,
} from '@tunasync/protocol';
import type { JobRecord } from '../interfaces/job-record.js';

/** The size of a mirror as long as nobody knows it. Source: the original's reports. */
export const unknownSize = 'unknown';

/** What is known of a mirror that has never run. */
export function newRecord(name: string): JobRecord {
  return {
    name,
    mode: 'active',
    lastStatus: 'none',
    lastUpdate: 0,
    lastStarted: 0,
    lastEnded: 0,
    nextDue: 0,
    size: unknownSize,
    errorMsg: '',
    run: null,
  };
}

/** An instant as it travels; 0 is never. */
function wireTime(unixMillis: number): WireTime {
  return unixMillis === 0 ? zeroTime : toWireTime(unixMillis);
}

/** The status that a record stands for. */
export function statusOf(record: JobRecord): SyncStatus {
  return record.mode === 'active' ? record.lastStatus : record.mode;
}

/** What a status report says of a mirror's configuration. */
export type ReportedConfig = Pick<MirrorConfig, 'name' | 'isMaster' | 'upstream'> &
  Partial<Pick<MirrorConfig, 'staleAfterMinutes'>>;

/** The status report of a mirror, with the true times of its record. */
export function toMirrorStatus(worker: string, mirror: ReportedConfig, record: JobRecord): MirrorStatus {
  const { staleAfterMinutes = 0 } = mirror;
  return {
    name: mirror.name,
    worker,
    is_master: mirror.isMaster,
    status: statusOf(record),
    last_update: wireTime(record.lastUpdate),
    last_started: wireTime(record.lastStarted),
    last_ended: wireTime(record.lastEnded),
    next_schedule: wireTime(record.nextDue),
    upstream: publicUpstream(mirror.upstream),
    size: record.size,
    error_msg: record.errorMsg,
    ...(staleAfterMinutes > 0 && { stale_after: staleAfterMinutes * 60 }),
  };
}
