import { z } from 'zod';
import { tryParseTime, zeroTime } from '../base/time.js';

/**
 * The wire schemas of tunasync v0.10. Readers are as lenient as the original: absent and `null` fields get the
 * zero value, and unknown fields are dropped. Source: the HTTP protocol of tunasync v0.10 (docs/http-api.md).
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

/** All states of a mirror job. Old peers fail on any other, so the list never grows. */
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

/** All commands of a worker. Old peers treat any other as `start`, so the list never grows. */
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
  /** Time at which the job last entered pre-syncing. */
  last_started: wireTimeSchema,
  /** End of the last sync, successful or not. */
  last_ended: wireTimeSchema,
  next_schedule: wireTimeSchema,
  upstream: text,
  /** Human size such as `1.33T`, or `unknown`. */
  size: text,
  error_msg: text,
  /** Extension: bytes received by the last sync. */
  last_transferred_bytes: count,
  /** Extension: bytes received by all syncs. */
  total_transferred_bytes: count,
  /** Extension: failed syncs since the last successful one. */
  consecutive_failures: count,
  /** Extension: seconds without a success after which the mirror is stale; absent: not reported. */
  stale_after: count,
  /** Extension: whether the last success is older than the mirror allows. */
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
/** Due time of one mirror. */
export type MirrorSchedule = z.infer<typeof mirrorScheduleSchema>;

export const mirrorSchedulesSchema = z.object({
  schedules: z
    .array(mirrorScheduleSchema)
    .nullish()
    .transform((value) => value ?? []),
});
/** Due times of a worker's mirrors, except running ones. */
export type MirrorSchedules = z.infer<typeof mirrorSchedulesSchema>;

export const sizeReportSchema = z.object({ name: text, size: text });
/** Size of a mirror, set manually. */
export type SizeReport = z.infer<typeof sizeReportSchema>;

const cmdFields = {
  cmd: cmdVerbSchema,
  /** Mirror name; empty for `reload`. */
  mirror_id: text,
  /** Passed on, but not used. */
  args: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? null),
  /** `force` with `start` ignores the worker's concurrency limit. */
  options: z
    .record(z.string(), z.boolean())
    .nullish()
    .transform((value) => value ?? null),
};

/** Command from a manager to a worker. */
export const workerCmdSchema = z.object(cmdFields);
/** Command from a manager to a worker. */
export type WorkerCmd = z.infer<typeof workerCmdSchema>;

/** Command from a client to a manager. */
export const clientCmdSchema = z.object({ ...cmdFields, worker_id: text });
/** Command from a client to a manager. */
export type ClientCmd = z.infer<typeof clientCmdSchema>;

/** A status in `GET /jobs`, as status pages read it. */
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
/** A status in `GET /jobs`, as status pages read it. */
export type WebMirrorStatus = z.infer<typeof webMirrorStatusSchema>;

/** Confirmation by a manager. */
export const messageSchema = z.object({ message: z.string() });
/** Error reply of a manager. */
export const errorSchema = z.object({ error: z.string() });
/** Reply of a worker. */
export const workerReplySchema = z.object({ msg: z.string() });
/** Reply to a schedule post. */
export const emptySchema = z.object({});
