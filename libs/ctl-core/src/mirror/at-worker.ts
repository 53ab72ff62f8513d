import type { ManagerClient } from '@tunasync/client';
import type { MirrorStatus, ProgressEntry, Wait } from '@tunasync/protocol';
import { isRefusal } from '../errors/failure.js';

/** The state of a mirror at one worker. */
export interface MirrorAtWorker {
  status: MirrorStatus;
  /** Progress of the running sync. */
  progress: ProgressEntry | undefined;
  /** The reason for which it waits. */
  wait: Wait | undefined;
  /** Time of the worker's last heartbeat, in the format of the protocol; undefined: it sends no heartbeats. */
  heard: string | undefined;
  /** Whether the manager has routes for progress and heartbeats. A manager of v0.10 does not. */
  offered: boolean;
}

/** Adds the reports of newer managers and workers to a status. @throws the errors of the client */
export async function atWorker(manager: ManagerClient, status: MirrorStatus): Promise<MirrorAtWorker> {
  const { worker, name } = status;
  const [report, heartbeat] = await Promise.all([
    ifThere(manager.listProgress(worker)),
    ifThere(manager.lastHeartbeat(worker)),
  ]);
  const waits = heartbeat?.waits ?? {};
  return {
    status,
    progress: report?.progress.find((entry) => entry.name === name),
    wait: Object.hasOwn(waits, name) ? waits[name] : undefined,
    heard: heartbeat?.received,
    offered: report !== undefined || heartbeat !== undefined,
  };
}

/** Resolves to undefined when the route, the heartbeat or the worker is missing. */
async function ifThere<Reply>(asked: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error) && (error.httpStatus === 404 || error.httpStatus === 400)) return undefined;
    throw error;
  }
}
