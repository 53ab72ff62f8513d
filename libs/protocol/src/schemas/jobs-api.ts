import { z } from 'zod';
import { jobStateCountsSchema, jobStateSchema } from './job-state.js';
import { wholeNumber } from './query-values.js';
import { fileSystemSchema, waitSchema } from './runs.js';
import { mirrorStatusSchema, syncStatusSchema, wireTimeSchema } from './status.js';
import { progressSchema } from './worker-job.js';

/** Connection state of a worker; `unknown`: no heartbeat since the manager started. */
export const workerStates = ['online', 'lost', 'unknown'] as const;
export const workerStateSchema = z.enum(workerStates);
/** Connection state of a worker. */
export type WorkerState = z.infer<typeof workerStateSchema>;

/** A job on web pages: its status and more. */
export const apiJobSchema = mirrorStatusSchema.extend({
  /** Its state on web pages. */
  state: jobStateSchema,
  worker_state: workerStateSchema,
  /** Of the current run. */
  progress: progressSchema.optional(),
  /** Why it waits although it is due. */
  waits: waitSchema.optional(),
});
/** A job on web pages. */
export type ApiJob = z.infer<typeof apiJobSchema>;

/** Number of jobs in each state. */
export const jobCountsSchema = z.record(syncStatusSchema, z.number().int().nonnegative());
/** Number of jobs in each state. */
export type JobCounts = z.infer<typeof jobCountsSchema>;

/** A page of jobs. */
export const apiJobsSchema = z.object({
  /** Number of jobs that match the filters, on all pages. */
  total: z.number().int().nonnegative(),
  /** By status, independent of the filters `status` and `state`. */
  counts: jobCountsSchema,
  /** The same by state. */
  states: jobStateCountsSchema,
  jobs: z.array(apiJobSchema),
});
/** A page of jobs. */
export type ApiJobs = z.infer<typeof apiJobsSchema>;

/** Sort keys of jobs; `attention`: failed, running, overdue, rest. */
export const jobSorts = [
  'attention',
  'name',
  'worker',
  'status',
  'last_update',
  'last_started',
  'last_ended',
  'next_schedule',
  'duration',
  'size',
  'failures',
] as const;
/** Sort key of jobs. */
export type JobSort = (typeof jobSorts)[number];

/** Maximum number of jobs on one page. */
export const maxPageSize = 1000;

/** Query of `GET /api/jobs`. */
export const apiJobsQuerySchema = z.object({
  /** Part of the name or of the upstream; case is ignored. */
  q: z.string().max(200, { error: 'expected at most 200 characters' }).optional(),
  /** Statuses, separated by commas. */
  status: z
    .string()
    .optional()
    .transform((value) => (value === undefined || value === '' ? undefined : value.split(',')))
    .pipe(z.array(syncStatusSchema).optional()),
  /** States, separated by commas. */
  state: z
    .string()
    .optional()
    .transform((value) => (value === undefined || value === '' ? undefined : value.split(',')))
    .pipe(z.array(jobStateSchema).optional()),
  /** Worker id. */
  worker: z.string().optional(),
  sort: z
    .enum(jobSorts)
    .optional()
    .transform((value) => value ?? 'attention'),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .transform((value) => value ?? 'asc'),
  /** Number of jobs before the page. */
  offset: wholeNumber(0, 1_000_000_000)
    .optional()
    .transform((value) => value ?? 0),
  /** Number of jobs on the page. */
  limit: wholeNumber(1, maxPageSize)
    .optional()
    .transform((value) => value ?? 100),
});
/** Parsed query of `GET /api/jobs`. */
export type ApiJobsQuery = z.infer<typeof apiJobsQuerySchema>;

/** A worker on web pages. Fields that it has never reported are absent. */
export const apiWorkerSchema = z.object({
  id: z.string(),
  /** Without a password. */
  url: z.string(),
  state: workerStateSchema,
  last_online: wireTimeSchema,
  last_register: wireTimeSchema,
  version: z.string().optional(),
  /** Syncs that may run at the same time. */
  slots: z.number().int().nonnegative().optional(),
  running: z.number().int().nonnegative().optional(),
  queued: z.number().int().nonnegative().optional(),
  /** Undelivered reports. */
  outbox: z.number().int().nonnegative().optional(),
  filesystems: z.array(fileSystemSchema).optional(),
  /** Number of its mirrors in each state. */
  counts: jobCountsSchema,
});
/** A worker on web pages. */
export type ApiWorker = z.infer<typeof apiWorkerSchema>;

/** Identifies a job. */
const jobKeySchema = z.object({ worker: z.string(), name: z.string() });

/** Changes since the last event: data of a `changes` event of `GET /api/events`. */
export const apiChangesSchema = z.object({
  /** Jobs that are new or changed. */
  jobs: z.array(apiJobSchema),
  removed: z.array(jobKeySchema),
  /** Progress of other jobs. */
  progress: z.array(progressSchema.extend(jobKeySchema.shape)),
  /** Workers that are new or changed. Their state applies to their jobs. */
  workers: z.array(apiWorkerSchema),
  removed_workers: z.array(z.string()),
  /** Of all jobs. */
  counts: jobCountsSchema,
  states: jobStateCountsSchema,
});
/** Changes since the last event. */
export type ApiChanges = z.infer<typeof apiChangesSchema>;

/** Data of the `hello` event that `GET /api/events` begins with. */
export const apiHelloSchema = z.object({
  /** Whether all changes since `Last-Event-ID` follow. Otherwise the client must request the jobs again. */
  resumed: z.boolean(),
  workers: z.array(apiWorkerSchema),
  counts: jobCountsSchema,
  states: jobStateCountsSchema,
});
/** Data of the `hello` event. */
export type ApiHello = z.infer<typeof apiHelloSchema>;

/** Maximum number of jobs of one `POST /api/commands`. */
export const mostCommanded = 1000;

/** A command for many jobs: those in a list, or all that match a glob. */
export const apiCommandSchema = z
  .object({
    cmd: z.enum(['start', 'stop', 'disable', 'restart']),
    /** With `start`: ignore the concurrency limits of the workers. */
    force: z.boolean().default(false),
    jobs: z.array(jobKeySchema).min(1).max(mostCommanded).optional(),
    /** Glob of mirror names, see `matchGlob` of `@tunasync/util`. */
    glob: z.string().min(1).max(200).optional(),
    /** With `glob`: only the mirrors of this worker. */
    worker: z.string().optional(),
  })
  .refine(({ jobs, glob }) => (jobs === undefined) !== (glob === undefined), {
    path: ['jobs'],
    error: 'expected either jobs or glob',
  });
/** A command for many jobs. */
export type ApiCommand = z.infer<typeof apiCommandSchema>;

/** The results of a command for many jobs, one for each. */
export const apiCommandReplySchema = z.object({
  results: z.array(
    jobKeySchema.extend({
      /** Whether the worker accepted the command. */
      ok: z.boolean(),
      /** The worker's answer, or why there is none. */
      message: z.string(),
    }),
  ),
});
/** The results of a command for many jobs. */
export type ApiCommandReply = z.infer<typeof apiCommandReplySchema>;
