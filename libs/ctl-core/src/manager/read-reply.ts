import type { ManagerReply, ReplyReader } from '@tunasync/client';
import {
  tryParseTime,
  zeroTime,
  zeroTimeUnix,
  type ManagerRouteName,
  type MirrorStatus,
  type WebMirrorStatus,
  type WorkerStatus,
} from '@tunasync/protocol';
import { isSyncStatus } from './sync-statuses.js';

/** Reads one field: its value when absent, and a check of values. */
interface Kind {
  zero: unknown;
  /** The expected kind of value, for messages. */
  name: string;
  fits: (value: unknown) => boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const text: Kind = { zero: '', name: 'a string', fits: isText };
const flag: Kind = { zero: false, name: 'true or false', fits: (value) => typeof value === 'boolean' };
const state: Kind = { zero: 'none', name: 'a status', fits: (value) => isText(value) && isSyncStatus(value) };
const time: Kind = {
  zero: zeroTime,
  name: 'a time',
  fits: (value) => isText(value) && tryParseTime(value) !== undefined,
};
const webTime: Kind = { zero: '0001-01-01 00:00:00 +0000', name: 'a time as text', fits: isText };
const stamp: Kind = { zero: zeroTimeUnix, name: 'Unix seconds', fits: Number.isSafeInteger };
/** Optional fields, which only newer managers send. */
const optional = (kind: Kind): Kind => ({ ...kind, zero: undefined });
const count: Kind = { zero: undefined, name: 'a number', fits: Number.isSafeInteger };

/** The fields in their order of output. Source: the recorded answers of tunasync v0.10. */
const webMirrorStatus: Record<keyof WebMirrorStatus, Kind> = {
  name: text,
  is_master: flag,
  status: state,
  last_update: webTime,
  last_update_ts: stamp,
  last_started: webTime,
  last_started_ts: stamp,
  last_ended: webTime,
  last_ended_ts: stamp,
  next_schedule: webTime,
  next_schedule_ts: stamp,
  upstream: text,
  size: text,
};
const mirrorStatus: Record<keyof MirrorStatus, Kind> = {
  name: text,
  worker: text,
  is_master: flag,
  status: state,
  last_update: time,
  last_started: time,
  last_ended: time,
  next_schedule: time,
  upstream: text,
  size: text,
  error_msg: text,
  last_transferred_bytes: count,
  total_transferred_bytes: count,
  consecutive_failures: count,
  stale: optional(flag),
  stale_after: count,
};
const workerStatus: Record<keyof WorkerStatus, Kind> = {
  id: text,
  url: text,
  token: text,
  last_online: time,
  last_register: time,
};
const message = { message: text };

/** The shape of each answer: a record, or the record that the list consists of. */
const shapes: Record<ManagerRouteName, { list: boolean; fields: Record<string, Kind> }> = {
  ping: { list: false, fields: message },
  listJobs: { list: true, fields: webMirrorStatus },
  flushDisabledJobs: { list: false, fields: message },
  listWorkers: { list: true, fields: workerStatus },
  registerWorker: { list: false, fields: workerStatus },
  deleteWorker: { list: false, fields: message },
  listWorkerJobs: { list: true, fields: mirrorStatus },
  reportStatus: { list: false, fields: mirrorStatus },
  reportSize: { list: false, fields: mirrorStatus },
  reportSchedules: { list: false, fields: {} },
  sendCommand: { list: false, fields: message },
};

/**
 * Reads answers as the schemas of the protocol do, without loading the schemas: a command line has to start fast.
 *
 * @throws TypeError that names the invalid field
 */
export const readReply: ReplyReader = <Name extends ManagerRouteName>(
  name: Name,
  body: unknown,
): ManagerReply<Name> => {
  const { list, fields } = shapes[name];
  if (!list) return readRecord(body, fields, '') as ManagerReply<Name>;
  if (!Array.isArray(body)) throw new TypeError('expected a list');
  return body.map((item: unknown, index) => readRecord(item, fields, `[${index}]`)) as ManagerReply<Name>;
};

function readRecord(value: unknown, fields: Record<string, Kind>, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${path === '' ? '' : `${path}: `}expected an object`);
  }
  const given = value as Record<string, unknown>;
  const record: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(fields)) {
    const field = given[key] ?? kind.zero;
    if (field === undefined) continue;
    if (field !== kind.zero && !kind.fits(field)) {
      throw new TypeError(`${path === '' ? '' : `${path}.`}${key}: expected ${kind.name}`);
    }
    record[key] = field;
  }
  return record;
}
