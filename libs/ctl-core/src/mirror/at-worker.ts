import type { ManagerClient } from '@tunasync/client';
import type { MirrorStatus, ProgressEntry, Wait } from '@tunasync/protocol';
import { isRefusal } from '../errors/failure.js';

/** What is known of a mirror at one worker. */
export interface MirrorAtWorker {
  status: MirrorStatus;
  /** How far the running sync is. */
  progress: ProgressEntry | undefined;
  /** Why it waits. */
  wait: Wait | undefined;
  /** When the worker was heard last, as a time of the wire; undefined: it sends no heartbeats. */
  heard: string | undefined;
  /** Whether the manager has routes for progress and heartbeats; one of v0.10 has not. */
  offered: boolean;
}

/** Adds what only newer managers and workers tell. @throws what the client rejects with */
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

/** Undefined for what is not there: no route, no heartbeat yet, or no such worker any more. */
async function ifThere<Reply>(asked: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error) && (error.httpStatus === 404 || error.httpStatus === 400)) return undefined;
    throw error;
  }
}
