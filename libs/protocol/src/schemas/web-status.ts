import { toUnixSeconds, toWebTime } from '../base/time.js';
import type { MirrorStatus, WebMirrorStatus } from './status.js';

/** Converts a status for `GET /jobs`. The order of fields is that of the original. */
export function toWebMirrorStatus(status: MirrorStatus): WebMirrorStatus {
  return {
    name: status.name,
    is_master: status.is_master,
    status: status.status,
    last_update: toWebTime(status.last_update),
    last_update_ts: toUnixSeconds(status.last_update),
    last_started: toWebTime(status.last_started),
    last_started_ts: toUnixSeconds(status.last_started),
    last_ended: toWebTime(status.last_ended),
    last_ended_ts: toUnixSeconds(status.last_ended),
    next_schedule: toWebTime(status.next_schedule),
    next_schedule_ts: toUnixSeconds(status.next_schedule),
    upstream: status.upstream,
    size: status.size,
  };
}
