import {
  describeIssue,
  mirrorStatusSchema,
  workerStatusSchema,
  type MirrorStatus,
  type WorkerStatus,
} from '@tunasync/protocol';
import type { z } from 'zod';
import { StoreError } from '../store/store-error.js';

/**
 * The layout that every back end shares with tunasync v0.10, so that its databases open as they are: two buckets,
 * workers under their id, statuses under `<mirror>/<worker id>`, each value the JSON of the record.
 * Source: `manager/db.go` and `manager/db_leveldb.go` of tunasync.
 */
export const workerBucket = 'workers';
/** The other bucket of {@link workerBucket}'s layout. */
export const statusBucket = 'mirror_status';

/** A status's key in its bucket. */
export function statusField(worker: string, name: string): string {
  return `${name}/${worker}`;
}

/** The worker that was stored at `id`. `where` names the value in the error. @throws `STORE_DAMAGED` */
export function decodeWorker(where: string, id: string, json: string): WorkerStatus {
  const worker = decode(where, json, workerStatusSchema);
  worker.id = id;
  return worker;
}

/** The status that was stored at `field`. `where` names the value in the error. @throws `STORE_DAMAGED` */
export function decodeStatus(where: string, field: string, json: string): MirrorStatus {
  // worker ids hold no '/', a mirror's name in an old database may
  const slash = field.lastIndexOf('/');
  if (slash === -1) throw damaged(where, "its key has no '/' between mirror and worker");
  const status = decode(where, json, mirrorStatusSchema);
  // the original took the key from the path of a report and the value from its body: the key is what counts
  status.name = field.slice(0, slash);
  status.worker = field.slice(slash + 1);
  return status;
}

function decode<T extends z.ZodType>(where: string, json: string, schema: T): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    // not the parser's message: it quotes the value, which may hold a token
    throw damaged(where, 'it is not JSON', cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw damaged(where, issue === undefined ? 'it is no record' : describeIssue(issue, 'the record'));
}

function damaged(where: string, why: string, cause?: unknown): StoreError {
  return new StoreError('STORE_DAMAGED', `${where} cannot be read: ${why}`, { cause });
}
