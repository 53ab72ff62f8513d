import {
  localOffsetMinutes,
  tryParseTime,
  zeroTimeUnix,
  type MirrorStatus,
  type ParsedTime,
  type WebMirrorStatus,
} from '@tunasync/protocol';
import { GoTime } from './go-time.js';
import type { TemplateData } from './parser.js';
import type { FieldType } from './values.js';

/** The fields that a template of `list --format` may use, by their names in v0.10. */
export const jobFieldTypes: Readonly<Record<string, FieldType>> = {
  Name: 'string',
  Worker: 'string',
  IsMaster: 'bool',
  Status: 'string',
  LastUpdate: 'time',
  LastUpdateTs: 'time',
  LastStarted: 'time',
  LastStartedTs: 'time',
  LastEnded: 'time',
  LastEndedTs: 'time',
  Scheduled: 'time',
  ScheduledTs: 'time',
  Upstream: 'string',
  Size: 'string',
  ErrorMsg: 'string',
};

const never: ParsedTime = { unixSeconds: zeroTimeUnix, nanoseconds: 0, offsetMinutes: 0 };

/** Returns the fields of a job of either kind of list. `list --all` has no worker and no error: these are empty. */
export function jobFields(job: MirrorStatus | WebMirrorStatus): TemplateData {
  return {
    Name: job.name,
    Worker: 'worker' in job ? job.worker : '',
    IsMaster: job.is_master,
    Status: job.status,
    ...timeFields('LastUpdate', job.last_update, 'last_update_ts' in job ? job.last_update_ts : undefined),
    ...timeFields(
      'LastStarted',
      job.last_started,
      'last_started_ts' in job ? job.last_started_ts : undefined,
    ),
    ...timeFields('LastEnded', job.last_ended, 'last_ended_ts' in job ? job.last_ended_ts : undefined),
    ...timeFields(
      'Scheduled',
      job.next_schedule,
      'next_schedule_ts' in job ? job.next_schedule_ts : undefined,
    ),
    Upstream: job.upstream,
    Size: job.size,
    ErrorMsg: 'error_msg' in job ? job.error_msg : '',
  };
}

/** Returns both fields of a time. In v0.10 `…Ts` is a time too: that of the stamp, in the machine's own offset. */
function timeFields(name: string, text: string, stamp: number | undefined): TemplateData {
  const time = parseWebTime(text) ?? tryParseTime(text) ?? never;
  const unixSeconds = stamp ?? time.unixSeconds;
  const offsetMinutes = unixSeconds === zeroTimeUnix ? 0 : localOffsetMinutes(unixSeconds * 1000);
  const nanoseconds = stamp === undefined ? time.nanoseconds : 0;
  return {
    [name]: new GoTime(time),
    [`${name}Ts`]: new GoTime({ unixSeconds, nanoseconds, offsetMinutes }),
  };
}

/** Parses `2026-11-23 17:21:52 +0000`, the format of `GET /jobs`. */
function parseWebTime(text: string): ParsedTime | undefined {
  const match = /^(\S+) (\S+) ([+-]\d\d)(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', hours = '', minutes = ''] = match;
  return tryParseTime(`${date}T${time}${hours}:${minutes}`);
}
