import { z } from 'zod';
import { progressEntrySchema, waitSchema } from './runs.js';
import { mirrorStatusSchema } from './status.js';

/** The schedule rule of a job. */
export const scheduleRuleSchema = z.object({
  /**
   * `interval`: from the end of a run; `cron`; `fixed-rate`: at fixed times of the day. Readers accept others too.
   */
  kind: z.string(),
  /** For an interval or a fixed rate. */
  minutes: z.number().optional(),
  /** For a cron rule. */
  expression: z.string().optional(),
  /** For a fixed rate: minutes after midnight. */
  anchor: z.number().optional(),
  /** IANA name. */
  timezone: z.string().optional(),
});

/** Progress of a run. */
export const progressSchema = progressEntrySchema.omit({ name: true });

/** A job at its worker. */
export const workerJobSchema = mirrorStatusSchema.extend({
  /** `none`, `ready`, `queued`, `running`, `paused`, `disabled`, `halting`. */
  state: z.string(),
  /** While `halting`: the next state. */
  then: z.string().optional(),
  /** Current attempt, from 1; 0: none. */
  attempt: z.number().int().nonnegative(),
  provider: z.string(),
  schedule: scheduleRuleSchema,
  waits: waitSchema.optional(),
  progress: progressSchema.optional(),
});
/** A job at its worker. */
export type WorkerJob = z.infer<typeof workerJobSchema>;
