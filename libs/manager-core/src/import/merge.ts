import { parseTime, type MirrorStatus, type WireTime, type WorkerStatus } from '@tunasync/protocol';
import type { StopRecord } from '@tunasync/store';
import { isLate } from '../reports/late-report.js';
import { isHttpUrl } from '../workers/worker-service.js';

/** Below zero when `one` is earlier, above when it is later. */
function compareTimes(one: WireTime, other: WireTime): number {
  const [a, b] = [parseTime(one), parseTime(other)];
  return a.unixSeconds - b.unixSeconds || a.nanoseconds - b.nanoseconds;
}

const later = (one: WireTime, other: WireTime): WireTime => (compareTimes(other, one) > 0 ? other : one);

/** The last instant that a status tells of. */
const lastInstant = ({ last_update, last_started, last_ended }: MirrorStatus): WireTime =>
  later(later(last_update, last_started), last_ended);

/** What to keep of a worker that another manager knows; undefined when there is nothing new. */
export function mergeWorker(local: WorkerStatus | undefined, remote: WorkerStatus): WorkerStatus | undefined {
  const url = isHttpUrl(remote.url) ? remote.url : '';
  // nobody shows the true token
  if (local === undefined) return { ...remote, url, token: '' };
  const newer = compareTimes(remote.last_register, local.last_register) > 0;
  const merged = {
    ...local,
    url: newer ? url : local.url,
    last_online: later(local.last_online, remote.last_online),
    last_register: later(local.last_register, remote.last_register),
  };
  return isSame(merged, local) ? undefined : merged;
}

/** Whether what is known of a worker here came from that manager: the worker itself has not registered here since. */
export function isCopy(local: WorkerStatus | undefined, remote: WorkerStatus): boolean {
  return (
    local === undefined ||
    (compareTimes(local.last_register, remote.last_register) === 0 &&
      compareTimes(local.last_online, remote.last_online) <= 0)
  );
}

/** What is known here of a mirror that another manager tells of. */
export interface LocalMirror {
  status: MirrorStatus | undefined;
  stop: StopRecord | undefined;
  /** See {@link isCopy}. */
  copied: boolean;
}

/**
 * Whether the status that another manager has of a mirror replaces what is known here: when it tells of something
 * later; of the same only as long as nobody but that manager told of the worker, as a status has no time of its own.
 */
export function replaces(remote: MirrorStatus, { status: local, stop, copied }: LocalMirror): boolean {
  if (local === undefined) return true;
  if (isSame(remote, local) || isLate(remote, { stop })) return false;
  const order = compareTimes(lastInstant(remote), lastInstant(local));
  return order > 0 || (order === 0 && copied && stop?.at === undefined);
}

function isSame(one: WorkerStatus | MirrorStatus, other: WorkerStatus | MirrorStatus): boolean {
  const plain = (record: object): string => JSON.stringify(Object.entries(record).sort());
  return (
    plain(JSON.parse(JSON.stringify(one)) as object) === plain(JSON.parse(JSON.stringify(other)) as object)
  );
}
