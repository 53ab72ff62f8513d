import { basename } from 'node:path';
import { toWireTime, type LogFile } from '@tunasync/protocol';
import { findHole, listRunLogs, openLog, type LogHole, type RunLog } from '@tunasync/run-log';
import type { JobSnapshot } from '../../interfaces/worker.js';
import { plainLogName } from './find-log.js';

/** Lists the logs of a mirror in the form of the API, newest first. */
export async function listLogs({ logDir, name, log }: JobSnapshot): Promise<LogFile[]> {
  const logs = await listRunLogs(logDir, name);
  return Promise.all(logs.map(async (found) => toLogFile(found, log, await holeOf(found))));
}

function toLogFile(
  { file, size, mtime, time, failed }: RunLog,
  live: JobSnapshot['log'],
  hole: LogHole | undefined,
): LogFile {
  const isLive = live !== undefined && plainLogName(basename(file)) === plainLogName(basename(live.file));
  return {
    name: basename(file),
    size,
    started: toWireTime(startOf(time, mtime)),
    time: toWireTime(Math.floor(mtime)),
    failed,
    ...(isLive && { live: true, run: live.run, attempt: live.attempt }),
    ...(hole !== undefined && { holes: [[hole.start, hole.end] as [number, number]] }),
  };
}

/** Few logs have a hole: the one that is being written, and those of a worker that crashed. */
async function holeOf({ file, size, allocated }: RunLog): Promise<LogHole | undefined> {
  if (allocated >= size) return undefined;
  const log = await openLog(file);
  if (log === undefined) return undefined;
  try {
    return await findHole(log.handle, log);
  } finally {
    await log.handle.close();
  }
}

/** Log names contain the local time. A name without a valid time (made by hand) gives the time of the last change. */
function startOf(time: string, mtime: number): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = time.split(/[-_]/).map(Number);
  const started = new Date(year, month - 1, day, hour, minute).getTime();
  return Number.isNaN(started) ? Math.floor(mtime) : started;
}
