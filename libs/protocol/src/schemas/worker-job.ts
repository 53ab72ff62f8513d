import { z } from 'zod';
import { progressEntrySchema, waitSchema } from './runs.js';
import { mirrorStatusSchema } from './status.js';

/** By what rule a job is scheduled. */
export const scheduleRuleSchema = z.object({
  /** `interval`: from the end of a run; `cron`; `fixed-rate`: at fixed times of the day. Readers take others too. */
  kind: z.string(),
  /** Of an interval or a fixed rate. */
  minutes: z.number().optional(),
  /** Of a cron rule. */
  expression: z.string().optional(),
  /** Of a fixed rate: minutes after midnight. */
  anchor: z.number().optional(),
  /** IANA name. */
  timezone: z.string().optional(),
});

/** How far a run is. */
export const progressSchema = progressEntrySchema.omit({ name: true });

/** A job as its worker has it. */
export const workerJobSchema = mirrorStatusSchema.extend({
  /** `none`, `ready`, `queued`, `running`, `paused`, `disabled`, `halting`. */
  state: z.string(),
  /** While `halting`: what follows. */
  then: z.string().optional(),
  /** Attempt under way, from 1; 0: none. */
  attempt: z.number().int().nonnegative(),
  provider: z.string(),
  schedule: scheduleRuleSchema,
  waits: waitSchema.optional(),
  progress: progressSchema.optional(),
});
/** A job as its worker has it. */
export type WorkerJob = z.infer<typeof workerJobSchema>;
