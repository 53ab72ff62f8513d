import { z } from 'zod';
import { wireTimeSchema } from './status.js';

/** A count that may be unknown: absent or `null`. */
const count = z
  .number()
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? undefined)
  .optional();
const measure = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? undefined)
  .optional();
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** Results of a run. */
export const runResults = ['success', 'failed', 'killed'] as const;

/** Record of a finished run: body of `POST /workers/:id/runs`, idempotent by `id`. */
export const runRecordSchema = z.object({
  /** Unique over all workers. */
  id: z.string().min(1).max(200),
  /** Mirror name. */
  name: z.string().min(1),
  /** Worker id. */
  worker: text,
  /** Time at which it got its slot. */
  started: wireTimeSchema,
  ended: wireTimeSchema,
  /** `killed`: the mirror was stopped, restarted or disabled, or the worker was stopped. */
  result: z.enum(runResults),
  /** A stable word for the reason: `ok`, `exit-code`, `timeout`, `upstream-refused`, … Readers accept others too. */
  reason: text,
  /** Number of attempts that were started. */
  attempts: z.number().int().nonnegative().default(0),
  /** Exit code of the last command; absent if a signal ended it or no command ran. */
  exit_code: z
    .number()
    .int()
    .nullish()
    .transform((value) => value ?? undefined)
    .optional(),
  error_msg: text,
  /** Bytes received. */
  bytes_transferred: count,
  /** Files transferred. */
  files: count,
  /** Files deleted. */
  deletions: count,
  /** Size of the whole mirror, bytes. */
  total_bytes: count,
  /** Human size of the mirror, as in its status. */
  size: text,
  /** Path of the last attempt's log on the worker's machine; empty if there is none. */
  log_file: text,
});
/** Record of a finished run. */
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Default number of runs of `GET /jobs/:name/history`. */
export const defaultHistoryLimit = 50;
/** Maximum number of runs of `GET /jobs/:name/history`. */
export const maxHistoryLimit = 1000;

/** Query of `GET /jobs/:name/history`. */
export const historyQuerySchema = z.object({
  /** Number of runs, newest first. */
  limit: z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= maxHistoryLimit, {
      error: `expected a whole number from 1 to ${maxHistoryLimit}`,
    })
    .transform(Number)
    .optional()
    .transform((limit) => limit ?? defaultHistoryLimit),
  /** Only the runs of this worker. */
  worker: z.string().optional(),
});

/** Progress of a running sync. Unknown fields are absent. */
export const progressEntrySchema = z.object({
  /** Mirror name. */
  name: z.string().min(1),
  /** 0 to 100. */
  percent: measure,
  /** Bytes received so far. */
  bytes: measure,
  /** Files transferred so far. */
  files: count,
  /** Bytes per second. */
  rate: measure,
  /** Seconds left. */
  eta: measure,
});
/** Progress of a running sync. */
export type ProgressEntry = z.infer<typeof progressEntrySchema>;

/** Body of `POST /workers/:id/progress`; kept in memory only. */
export const progressReportSchema = z.object({ progress: z.array(progressEntrySchema) });
/** Progress of the running syncs of a worker. */
export type ProgressReport = z.infer<typeof progressReportSchema>;

/** Why a job waits; `until` is in seconds since the Unix epoch, if known. */
export const waitSchema = z.object({
  /** `slot`, `upstream`, `disk`, `blackout`, `retry`, `refused` or `end-of-run`. Readers accept others too. */
  for: z.string(),
  until: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined)
    .optional(),
  /** Text such as the host whose limit is reached. */
  detail: z.string().optional(),
});
/** Why a job waits. */
export type Wait = z.infer<typeof waitSchema>;

/** A file system with mirrors; sizes in bytes. */
export const fileSystemSchema = z.object({
  path: z.string(),
  total: z.number().nonnegative(),
  free: z.number().nonnegative(),
});
/** A file system with mirrors. */
export type FileSystemFacts = z.infer<typeof fileSystemSchema>;

/** Body of `POST /workers/:id/heartbeat`, sent every 30 s. */
export const heartbeatSchema = z.object({
  version: text,
  /** The worker's clock at the time of sending, from which a manager computes its offset; zero: not reported. */
  time: wireTimeSchema,
  /** Syncs that may run at the same time. */
  slots: z.number().int().nonnegative().default(0),
  running: z.number().int().nonnegative().default(0),
  queued: z.number().int().nonnegative().default(0),
  /** Undelivered reports for this manager. */
  outbox: z.number().int().nonnegative().default(0),
  filesystems: z.array(fileSystemSchema).default([]),
  /** Number of mirrors. */
  mirrors: z.number().int().nonnegative().default(0),
  /** Waiting jobs, by mirror name. */
  waits: z.record(z.string(), waitSchema).default({}),
});
/** The heartbeat of a worker. */
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** The last heartbeat of a worker, as a manager returns it. */
export const heartbeatReplySchema = heartbeatSchema.extend({
  /** Time of arrival, by the manager's clock. */
  received: wireTimeSchema,
});
/** The last heartbeat of a worker, as a manager returns it. */
export type HeartbeatReply = z.infer<typeof heartbeatReplySchema>;
