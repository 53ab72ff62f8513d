import { z } from 'zod';
import { jobStateCountsSchema, jobStateSchema } from './job-state.js';
import { wholeNumber } from './query-values.js';
import { fileSystemSchema, waitSchema } from './runs.js';
import { mirrorStatusSchema, syncStatusSchema, wireTimeSchema } from './status.js';
import { progressSchema } from './worker-job.js';

/** Whether a worker is there: `unknown` when it has sent no heartbeat since the manager started. */
export const workerStates = ['online', 'lost', 'unknown'] as const;
export const workerStateSchema = z.enum(workerStates);
/** Whether a worker is there. */
export type WorkerState = z.infer<typeof workerStateSchema>;

/** A job as pages show it: its status, and what is known besides. */
export const apiJobSchema = mirrorStatusSchema.extend({
  /** What pages call its state. */
  state: jobStateSchema,
  worker_state: workerStateSchema,
  /** Of a run under way. */
  progress: progressSchema.optional(),
  /** Why it does not run, though it should. */
  waits: waitSchema.optional(),
});
/** A job as pages show it. */
export type ApiJob = z.infer<typeof apiJobSchema>;

/** How many jobs there are in each state. */
export const jobCountsSchema = z.record(syncStatusSchema, z.number().int().nonnegative());
/** How many jobs there are in each state. */
export type JobCounts = z.infer<typeof jobCountsSchema>;

/** A page of jobs. */
export const apiJobsSchema = z.object({
  /** Jobs that the filters leave, on all pages together. */
  total: z.number().int().nonnegative(),
  /** By status, whatever `status` and `state` ask for. */
  counts: jobCountsSchema,
  /** The same by what pages call the state. */
  states: jobStateCountsSchema,
  jobs: z.array(apiJobSchema),
});
/** A page of jobs. */
export type ApiJobs = z.infer<typeof apiJobsSchema>;

/** By what jobs can be sorted; `attention`: failed, running, overdue, rest. */
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
/** By what jobs can be sorted. */
export type JobSort = (typeof jobSorts)[number];

/** The most jobs of one page. */
export const maxPageSize = 1000;

/** What may follow the `?` of `GET /api/jobs`. */
export const apiJobsQuerySchema = z.object({
  /** A part of the name or of the upstream, in any case. */
  q: z.string().max(200, { error: 'expected at most 200 characters' }).optional(),
  /** States, with commas between them. */
  status: z
    .string()
    .optional()
    .transform((value) => (value === undefined || value === '' ? undefined : value.split(',')))
    .pipe(z.array(syncStatusSchema).optional()),
  /** What pages call states, with commas between them. */
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
  /** Jobs in front of the page. */
  offset: wholeNumber(0, 1_000_000_000)
    .optional()
    .transform((value) => value ?? 0),
  /** Jobs of the page. */
  limit: wholeNumber(1, maxPageSize)
    .optional()
    .transform((value) => value ?? 100),
});
/** What is asked of `GET /api/jobs`. */
export type ApiJobsQuery = z.infer<typeof apiJobsQuerySchema>;

/** A worker as pages show it; what it never told is left out. */
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
  /** Reports that are still to be delivered. */
  outbox: z.number().int().nonnegative().optional(),
  filesystems: z.array(fileSystemSchema).optional(),
  /** How many of its mirrors are known here, by state. */
  counts: jobCountsSchema,
});
/** A worker as pages show it. */
export type ApiWorker = z.infer<typeof apiWorkerSchema>;

/** Where a mirror is. */
const jobKeySchema = z.object({ worker: z.string(), name: z.string() });

/** What changed since the event before: data of a `changes` event of `GET /api/events`. */
export const apiChangesSchema = z.object({
  /** Jobs that are new or changed. */
  jobs: z.array(apiJobSchema),
  removed: z.array(jobKeySchema),
  /** How far other jobs are. */
  progress: z.array(progressSchema.extend(jobKeySchema.shape)),
  /** Workers that are new or changed; their state holds for their jobs. */
  workers: z.array(apiWorkerSchema),
  removed_workers: z.array(z.string()),
  /** Of all jobs. */
  counts: jobCountsSchema,
  states: jobStateCountsSchema,
});
/** What changed since the event before. */
export type ApiChanges = z.infer<typeof apiChangesSchema>;

/** Data of the `hello` event that `GET /api/events` begins with. */
export const apiHelloSchema = z.object({
  /** Whether all that changed since `Last-Event-ID` follows; else jobs are to be asked for anew. */
  resumed: z.boolean(),
  workers: z.array(apiWorkerSchema),
  counts: jobCountsSchema,
  states: jobStateCountsSchema,
});
/** Data of the `hello` event. */
export type ApiHello = z.infer<typeof apiHelloSchema>;

/** The most jobs that one `POST /api/commands` is for. */
export const mostCommanded = 1000;

/** A command for many jobs: for those that are named, or for all that a pattern fits. */
export const apiCommandSchema = z
  .object({
    cmd: z.enum(['start', 'stop', 'disable', 'restart']),
    /** With `start`: go round the workers' concurrency limits. */
    force: z.boolean().default(false),
    jobs: z.array(jobKeySchema).min(1).max(mostCommanded).optional(),
    /** Of mirror names; `*` stands for any characters, `?` for one. */
    glob: z.string().min(1).max(200).optional(),
    /** With `glob`: the only worker that is meant. */
    worker: z.string().optional(),
  })
  .refine(({ jobs, glob }) => (jobs === undefined) !== (glob === undefined), {
    path: ['jobs'],
    error: 'expected either jobs or glob',
  });
/** A command for many jobs. */
export type ApiCommand = z.infer<typeof apiCommandSchema>;

/** What became of a command for many jobs, one by one. */
export const apiCommandReplySchema = z.object({
  results: z.array(
    jobKeySchema.extend({
      /** Whether the worker took it. */
      ok: z.boolean(),
      /** The worker's answer, or why there is none. */
      message: z.string(),
    }),
  ),
});
/** What became of a command for many jobs. */
export type ApiCommandReply = z.infer<typeof apiCommandReplySchema>;
