import { z } from 'zod';
import { wireTimeSchema } from './status.js';

/** A count that may be unknown: absent and `null` are left out. */
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

/** How a run can end. */
export const runResults = ['success', 'failed', 'killed'] as const;

/** What a finished run leaves behind: `POST /workers/:id/runs`, idempotent by `id`. */
export const runRecordSchema = z.object({
  /** Unique over all workers. */
  id: z.string().min(1).max(200),
  /** Mirror name. */
  name: z.string().min(1),
  /** Worker id. */
  worker: text,
  /** When it got its slot. */
  started: wireTimeSchema,
  ended: wireTimeSchema,
  /** `killed`: somebody stopped, restarted or disabled the mirror, or halted the worker. */
  result: z.enum(runResults),
  /** A stable word for why it ended so: `ok`, `exit-code`, `timeout`, `upstream-refused`, …; readers take others too. */
  reason: text,
  /** Attempts that were begun. */
  attempts: z.number().int().nonnegative().default(0),
  /** Of the last command; absent when a signal ended it or none was run. */
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
  /** Log file of the last attempt on the worker's machine; empty when there is none. */
  log_file: text,
});
/** What a finished run leaves behind. */
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Runs that `GET /jobs/:name/history` answers when nothing is asked for. */
export const defaultHistoryLimit = 50;
/** The most runs that one `GET /jobs/:name/history` answers. */
export const maxHistoryLimit = 1000;

/** What may follow the `?` of `GET /jobs/:name/history`. */
export const historyQuerySchema = z.object({
  /** The newest so many runs. */
  limit: z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= maxHistoryLimit, {
      error: `expected a whole number from 1 to ${maxHistoryLimit}`,
    })
    .transform(Number)
    .optional()
    .transform((limit) => limit ?? defaultHistoryLimit),
  /** Only those at this worker. */
  worker: z.string().optional(),
});

/** How far a running sync is; what is unknown is left out. */
export const progressEntrySchema = z.object({
  /** Mirror name. */
  name: z.string().min(1),
  /** 0 to 100. */
  percent: measure,
  /** Received so far. */
  bytes: measure,
  /** Files transferred so far. */
  files: count,
  /** Bytes per second. */
  rate: measure,
  /** Seconds that are left. */
  eta: measure,
});
/** How far a running sync is. */
export type ProgressEntry = z.infer<typeof progressEntrySchema>;

/** `POST /workers/:id/progress`: kept in memory only. */
export const progressReportSchema = z.object({ progress: z.array(progressEntrySchema) });
/** How far the running syncs of a worker are. */
export type ProgressReport = z.infer<typeof progressReportSchema>;

/** Why a job waits; `until` in seconds since the Unix epoch where it is known. */
export const waitSchema = z.object({
  /** `slot`, `upstream`, `disk`, `blackout`, `retry`, `refused`, `end-of-run`; readers take others too. */
  for: z.string(),
  until: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined)
    .optional(),
  /** In words, such as the host whose limit is reached. */
  detail: z.string().optional(),
});
/** Why a job waits. */
export type Wait = z.infer<typeof waitSchema>;

/** A file system that holds mirrors; bytes. */
export const fileSystemSchema = z.object({
  path: z.string(),
  total: z.number().nonnegative(),
  free: z.number().nonnegative(),
});
/** A file system that holds mirrors. */
export type FileSystemFacts = z.infer<typeof fileSystemSchema>;

/** `POST /workers/:id/heartbeat`, every 30 s. */
export const heartbeatSchema = z.object({
  version: text,
  /** The worker's clock when it sent this, so that a manager knows how far it is off; zero: not told. */
  time: wireTimeSchema,
  /** Syncs that may run at the same time. */
  slots: z.number().int().nonnegative().default(0),
  running: z.number().int().nonnegative().default(0),
  queued: z.number().int().nonnegative().default(0),
  /** Reports that are still to be delivered to this manager. */
  outbox: z.number().int().nonnegative().default(0),
  filesystems: z.array(fileSystemSchema).default([]),
  /** Number of mirrors. */
  mirrors: z.number().int().nonnegative().default(0),
  /** Jobs that wait, by mirror name. */
  waits: z.record(z.string(), waitSchema).default({}),
});
/** What a worker tells of itself. */
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** What a manager knows of a worker by its heartbeats. */
export const heartbeatReplySchema = heartbeatSchema.extend({
  /** When the last one arrived, by the manager's clock. */
  received: wireTimeSchema,
});
/** What a manager knows of a worker by its heartbeats. */
export type HeartbeatReply = z.infer<typeof heartbeatReplySchema>;
