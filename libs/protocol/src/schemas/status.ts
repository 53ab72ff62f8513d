import { z } from 'zod';
import { tryParseTime, zeroTime } from '../base/time.js';

/**
 * The schemas of everything that travels. Readers are lenient as the original is: absent and `null` fields take
 * the zero value, unknown fields are dropped. Source: the HTTP protocol of tunasync v0.10 (docs/http-api.md).
 */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** A time; absent and `null` are the zero time. */
export const wireTimeSchema = z
  .string()
  .refine((value) => tryParseTime(value) !== undefined, {
    error: 'expected a time such as 2026-11-23T17:21:52Z',
  })
  .nullish()
  .transform((value) => value ?? zeroTime);

/** All states that a mirror job can be in. Old peers fail on any other: the list never grows. */
export const syncStatuses = [
  'none',
  'failed',
  'success',
  'syncing',
  'pre-syncing',
  'paused',
  'disabled',
] as const;
export const syncStatusSchema = z.enum(syncStatuses);
/** State of a mirror job. */
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** All commands that a worker knows. Old peers take any other for `start`: the list never grows. */
export const cmdVerbs = ['start', 'stop', 'disable', 'restart', 'ping', 'reload'] as const;
export const cmdVerbSchema = z.enum(cmdVerbs);
/** A command for a worker. */
export type CmdVerb = z.infer<typeof cmdVerbSchema>;

const count = z
  .number()
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? undefined)
  .optional();

/** A job's status as a worker reports it and a manager stores it. */
export const mirrorStatusSchema = z.object({
  /** Mirror name. */
  name: text,
  /** Worker id. */
  worker: text,
  /** Whether the mirror's role is not `slave`. */
  is_master: flag,
  status: syncStatusSchema.nullish().transform((value) => value ?? ('none' as const)),
  /** End of the last successful sync. */
  last_update: wireTimeSchema,
  /** When the job last entered pre-syncing. */
  last_started: wireTimeSchema,
  /** End of the last sync, good or bad. */
  last_ended: wireTimeSchema,
  next_schedule: wireTimeSchema,
  upstream: text,
  /** Human size such as `1.33T`, or `unknown`. */
  size: text,
  error_msg: text,
  /** Extension: bytes that the last sync received. */
  last_transferred_bytes: count,
  /** Extension: bytes that all syncs received. */
  total_transferred_bytes: count,
  /** Extension: failed syncs since the last good one. */
  consecutive_failures: count,
  /** Extension: seconds without a success after which the mirror is stale; absent: its worker does not tell. */
  stale_after: count,
  /** Extension: whether the last success is longer ago than the mirror allows. */
  stale: z
    .boolean()
    .nullish()
    .transform((value) => value ?? undefined)
    .optional(),
});
/** A job's status as a worker reports it and a manager stores it. */
export type MirrorStatus = z.infer<typeof mirrorStatusSchema>;

/** A worker as it registers and as a manager stores it. */
export const workerStatusSchema = z.object({
  id: text,
  /** Where the manager posts commands; ends with `/`. */
  url: text,
  token: text,
  last_online: wireTimeSchema,
  last_register: wireTimeSchema,
});
/** A worker as it registers and as a manager stores it. */
export type WorkerStatus = z.infer<typeof workerStatusSchema>;

export const mirrorScheduleSchema = z.object({ name: text, next_schedule: wireTimeSchema });
/** When one mirror is due. */
export type MirrorSchedule = z.infer<typeof mirrorScheduleSchema>;

export const mirrorSchedulesSchema = z.object({
  schedules: z
    .array(mirrorScheduleSchema)
    .nullish()
    .transform((value) => value ?? []),
});
/** When the mirrors of a worker are due (running ones are not in it). */
export type MirrorSchedules = z.infer<typeof mirrorSchedulesSchema>;

export const sizeReportSchema = z.object({ name: text, size: text });
/** A mirror's size, set by hand. */
export type SizeReport = z.infer<typeof sizeReportSchema>;

const cmdFields = {
  cmd: cmdVerbSchema,
  /** Mirror name; empty for `reload`. */
  mirror_id: text,
  /** Passed on, never used. */
  args: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? null),
  /** `force` on `start` goes round the worker's concurrency limit. */
  options: z
    .record(z.string(), z.boolean())
    .nullish()
    .transform((value) => value ?? null),
};

/** What a manager posts to a worker. */
export const workerCmdSchema = z.object(cmdFields);
/** What a manager posts to a worker. */
export type WorkerCmd = z.infer<typeof workerCmdSchema>;

/** What a client posts to a manager. */
export const clientCmdSchema = z.object({ ...cmdFields, worker_id: text });
/** What a client posts to a manager. */
export type ClientCmd = z.infer<typeof clientCmdSchema>;

/** What status pages read from `GET /jobs`. */
export const webMirrorStatusSchema = z.object({
  name: text,
  is_master: flag,
  status: syncStatusSchema,
  last_update: z.string(),
  last_update_ts: z.number().int(),
  last_started: z.string(),
  last_started_ts: z.number().int(),
  last_ended: z.string(),
  last_ended_ts: z.number().int(),
  next_schedule: z.string(),
  next_schedule_ts: z.number().int(),
  upstream: text,
  size: text,
});
/** What status pages read from `GET /jobs`. */
export type WebMirrorStatus = z.infer<typeof webMirrorStatusSchema>;

/** Informational answer of a manager. */
export const messageSchema = z.object({ message: z.string() });
/** Error answer of a manager. */
export const errorSchema = z.object({ error: z.string() });
/** Any answer of a worker. */
export const workerReplySchema = z.object({ msg: z.string() });
/** Answer to a schedules post. */
export const emptySchema = z.object({});
