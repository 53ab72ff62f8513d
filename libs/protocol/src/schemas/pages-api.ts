import { z } from 'zod';
import { apiJobSchema, apiWorkerSchema, workerStateSchema } from './jobs-api.js';
import { jobStateCountsSchema } from './job-state.js';
import { wholeNumber } from './query-values.js';
import { fileSystemSchema, runResults } from './runs.js';
import { wireTimeSchema } from './status.js';
import { scheduleRuleSchema } from './worker-job.js';

const count = z.number().int().nonnegative();

/** Something that somebody should look at, worst first. */
export const apiAttentionSchema = z.discriminatedUnion('kind', [
  /** A mirror whose last sync failed. */
  z.object({ kind: z.literal('failed'), job: apiJobSchema }),
  /** A mirror without a success for longer than it allows. */
  z.object({ kind: z.literal('stale'), job: apiJobSchema }),
  /** A worker that sends no heartbeats any more. */
  z.object({ kind: z.literal('worker-lost'), worker: apiWorkerSchema }),
  /** A file system of mirrors that is nearly full. */
  z.object({ kind: z.literal('disk-low'), worker: z.string(), filesystem: fileSystemSchema }),
]);
/** Something that somebody should look at. */
export type ApiAttention = z.infer<typeof apiAttentionSchema>;

/** How runs ended that ended in a span of time. */
export const apiRunSpanSchema = z.object({
  from: wireTimeSchema,
  success: count,
  failed: count,
  killed: count,
});
/** How runs ended that ended in a span of time. */
export type ApiRunSpan = z.infer<typeof apiRunSpanSchema>;

/** The answer to "is anything wrong?": `GET /api/overview`. */
export const apiOverviewSchema = z.object({
  states: jobStateCountsSchema,
  /** Workers by state. */
  workers: z.record(workerStateSchema, count),
  /** The worst 50. */
  attention: z.array(apiAttentionSchema),
  /** All of them. */
  attention_total: count,
  /** The 50 that began first. */
  running: z.array(apiJobSchema),
  running_total: count,
  /** The ten that are due next. */
  next: z.array(apiJobSchema),
  /** The last 24 hours in spans of half an hour, oldest first. */
  runs: z.array(apiRunSpanSchema),
});
/** The answer to "is anything wrong?". */
export type ApiOverview = z.infer<typeof apiOverviewSchema>;

/** What a job does next, as its worker knows it: `GET /jobs/:name/plan` of a worker. */
export const jobPlanSchema = z.object({
  provider: z.string(),
  /** Attempt under way, from 1; 0: none. */
  attempt: count,
  /** Attempts that a run has at most. */
  attempts: count,
  schedule: scheduleRuleSchema,
  /**
   * The next starts, soonest first, without jitter. Those of an interval count from ends that nobody knows yet: they
   * take the last duration for the next ones'.
   */
  upcoming: z.array(wireTimeSchema),
});
/** What a job does next. */
export type JobPlan = z.infer<typeof jobPlanSchema>;

/** The configuration that is in force for a mirror: `GET /jobs/:name/config` of a worker. */
export const jobConfigSchema = z.object({
  settings: z.array(
    z.object({
      /** As in the file; of a table with dots. */
      key: z.string(),
      /** As TOML would write it; secrets are masked. */
      value: z.string(),
      /** `mirror`, `parent`, `global`, `default`; readers take others too. */
      source: z.string(),
      /** Where it is written. */
      file: z.string().optional(),
      line: count.optional(),
      masked: z.boolean().optional(),
    }),
  ),
});
/** The configuration that is in force for a mirror. */
export type JobConfig = z.infer<typeof jobConfigSchema>;

/** A start that a worker plans: an entry of its `GET /plan`. */
export const plannedRunSchema = z.object({
  name: z.string(),
  start: wireTimeSchema,
  /** How long it may take, by the last run; absent: unknown. */
  seconds: count.optional(),
});
/** A start that a worker plans. */
export type PlannedRun = z.infer<typeof plannedRunSchema>;

/** What a worker plans for the next hours, soonest first: its `GET /plan?hours=`. */
export const workerPlanSchema = z.object({
  planned: z.array(plannedRunSchema),
  /** Whether there would be more than are listed. */
  truncated: z.boolean(),
});
/** What a worker plans for the next hours. */
export type WorkerPlan = z.infer<typeof workerPlanSchema>;

/** The most runs of one timeline, past and planned each, and of one plan of a worker. */
export const maxTimelineRuns = 5000;
/** The most hours, before and after now, that a timeline or a plan shows. */
export const maxTimelineHours = 48;

/** What may follow the `?` of a worker's `GET /plan`. */
export const workerPlanQuerySchema = z.object({
  /** Hours after now. */
  hours: wholeNumber(1, maxTimelineHours)
    .optional()
    .transform((value) => value ?? 24),
});

/** What may follow the `?` of `GET /api/timeline`. */
export const apiTimelineQuerySchema = z.object({
  /** Hours before now. */
  past: wholeNumber(0, maxTimelineHours)
    .optional()
    .transform((value) => value ?? 12),
  /** Hours after now. */
  future: wholeNumber(0, maxTimelineHours)
    .optional()
    .transform((value) => value ?? 12),
  /** Worker id. */
  worker: z.string().optional(),
});

const timelineRun = z.object({ worker: z.string(), name: z.string() });

/** What ran, runs and will run: `GET /api/timeline`. */
export const apiTimelineSchema = z.object({
  now: wireTimeSchema,
  from: wireTimeSchema,
  to: wireTimeSchema,
  /** Finished runs, oldest first. */
  past: z.array(
    timelineRun.extend({
      id: z.string(),
      started: wireTimeSchema,
      ended: wireTimeSchema,
      result: z.enum(runResults),
    }),
  ),
  running: z.array(
    timelineRun.extend({ started: wireTimeSchema, /** Seconds. */ eta: z.number().optional() }),
  ),
  /** Of a worker that tells no plans, the next start of each job. */
  planned: z.array(timelineRun.extend({ start: wireTimeSchema, seconds: count.optional() })),
  /** Whether there would be more than are listed. */
  truncated: z.boolean(),
  /** Workers whose plans could not be asked for. */
  unplanned: z.array(z.string()),
});
/** What ran, runs and will run. */
export type ApiTimeline = z.infer<typeof apiTimelineSchema>;
