import { z } from 'zod';
import { jobStateCountsSchema } from './job-state.js';
import { apiJobSchema, apiWorkerSchema, workerStateSchema } from './jobs-api.js';
import { wholeNumber } from './query-values.js';
import { fileSystemSchema, runResults } from './runs.js';
import { wireTimeSchema } from './status.js';
import { scheduleRuleSchema } from './worker-job.js';

const count = z.number().int().nonnegative();

/** A problem that needs attention, worst kind first. */
export const apiAttentionSchema = z.discriminatedUnion('kind', [
  /** A mirror whose last sync failed. */
  z.object({ kind: z.literal('failed'), job: apiJobSchema }),
  /** A mirror without a success for longer than it allows. */
  z.object({ kind: z.literal('stale'), job: apiJobSchema }),
  /** A worker that no longer sends heartbeats. */
  z.object({ kind: z.literal('worker-lost'), worker: apiWorkerSchema }),
  /** A file system of mirrors that is nearly full. */
  z.object({ kind: z.literal('disk-low'), worker: z.string(), filesystem: fileSystemSchema }),
]);
/** A problem that needs attention. */
export type ApiAttention = z.infer<typeof apiAttentionSchema>;

/** Results of the runs that ended in a span of time. */
export const apiRunSpanSchema = z.object({
  from: wireTimeSchema,
  success: count,
  failed: count,
  killed: count,
});
/** Results of the runs that ended in a span of time. */
export type ApiRunSpan = z.infer<typeof apiRunSpanSchema>;

/** Reply of `GET /api/overview`, which answers "is anything wrong?". */
export const apiOverviewSchema = z.object({
  states: jobStateCountsSchema,
  /** Workers by state. */
  workers: z.record(workerStateSchema, count),
  /** The worst 50. */
  attention: z.array(apiAttentionSchema),
  /** All of them. */
  attention_total: count,
  /** The 50 that started first. */
  running: z.array(apiJobSchema),
  running_total: count,
  /** The ten that are due next. */
  next: z.array(apiJobSchema),
  /** The last 24 hours in spans of half an hour, oldest first. */
  runs: z.array(apiRunSpanSchema),
});
/** Reply of `GET /api/overview`. */
export type ApiOverview = z.infer<typeof apiOverviewSchema>;

/** The plan of a job: reply of a worker's `GET /jobs/:name/plan`. */
export const jobPlanSchema = z.object({
  provider: z.string(),
  /** Current attempt, from 1; 0: none. */
  attempt: count,
  /** Maximum number of attempts of a run. */
  attempts: count,
  schedule: scheduleRuleSchema,
  /**
   * The next starts, soonest first, without jitter. Starts of an interval depend on ends in the future; each run
   * is assumed to take as long as the last one.
   */
  upcoming: z.array(wireTimeSchema),
});
/** The plan of a job. */
export type JobPlan = z.infer<typeof jobPlanSchema>;

/** The effective configuration of a mirror: reply of a worker's `GET /jobs/:name/config`. */
export const jobConfigSchema = z.object({
  settings: z.array(
    z.object({
      /** As in the file; keys of tables are joined by dots. */
      key: z.string(),
      /** In TOML syntax; secrets are masked. */
      value: z.string(),
      /** `mirror`, `parent`, `global` or `default`. Readers accept others too. */
      source: z.string(),
      /** File that contains it. */
      file: z.string().optional(),
      line: count.optional(),
      masked: z.boolean().optional(),
    }),
  ),
});
/** The effective configuration of a mirror. */
export type JobConfig = z.infer<typeof jobConfigSchema>;

/** A planned start: an entry of a worker's `GET /plan`. */
export const plannedRunSchema = z.object({
  name: z.string(),
  start: wireTimeSchema,
  /** Expected duration in seconds, that of the last run; absent: unknown. */
  seconds: count.optional(),
});
/** A planned start. */
export type PlannedRun = z.infer<typeof plannedRunSchema>;

/** Planned starts of a worker, soonest first: reply of `GET /plan?hours=`. */
export const workerPlanSchema = z.object({
  planned: z.array(plannedRunSchema),
  /** Whether the list is incomplete. */
  truncated: z.boolean(),
});
/** Planned starts of a worker. */
export type WorkerPlan = z.infer<typeof workerPlanSchema>;

/** Maximum number of past runs and of planned starts in a timeline, and of starts in a worker's plan. */
export const maxTimelineRuns = 5000;
/** Maximum number of hours before and after now in a timeline or plan. */
export const maxTimelineHours = 48;

/** Query of a worker's `GET /plan`. */
export const workerPlanQuerySchema = z.object({
  /** Hours after now. */
  hours: wholeNumber(1, maxTimelineHours)
    .optional()
    .transform((value) => value ?? 24),
});

/** Query of `GET /api/timeline`. */
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

/** Past, running and planned runs: reply of `GET /api/timeline`. */
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
  /** For a worker without a plan: the next start of each job. */
  planned: z.array(timelineRun.extend({ start: wireTimeSchema, seconds: count.optional() })),
  /** Whether the list is incomplete. */
  truncated: z.boolean(),
  /** Workers whose plans are not available. */
  unplanned: z.array(z.string()),
});
/** Past, running and planned runs. */
export type ApiTimeline = z.infer<typeof apiTimelineSchema>;
