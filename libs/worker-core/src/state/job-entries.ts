import { runRecordSchema } from '@tunasync/protocol';
import type { KvOp } from '@tunasync/store';
import { z } from 'zod';
import type { JobRecord } from '../interfaces/job-record.js';
import { parseJson } from './parse-json.js';

/** Keys of job records begin with it; the mirror's name follows. */
export const jobPrefix = 'job/';

const time = z.number().nonnegative();

const handleSchema = z.intersection(
  z.object({ executor: z.string() }),
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
);

const recordSchema = z.object({
  name: z.string().min(1),
  mode: z.enum(['active', 'paused', 'disabled']),
  lastStatus: z.enum(['none', 'pre-syncing', 'syncing', 'success', 'failed']),
  lastUpdate: time,
  lastStarted: time,
  lastEnded: time,
  nextDue: time,
  size: z.string(),
  errorMsg: z.string(),
  run: z
    .object({
      id: z.string().min(1),
      attempt: z.number().int().nonnegative(),
      attemptStarted: time,
      command: z.number().int().nonnegative(),
      handle: handleSchema.nullable(),
      logFile: z.string(),
      ended: runRecordSchema.optional(),
    })
    .nullable(),
}) satisfies z.ZodType<JobRecord>;

/** The change that keeps a record. */
export function putJob(record: JobRecord): KvOp {
  return { type: 'put', key: `${jobPrefix}${record.name}`, value: JSON.stringify(record) };
}

/** The change that removes a mirror's record. */
export function removeJob(mirror: string): KvOp {
  return { type: 'del', key: `${jobPrefix}${mirror}` };
}

/** Reads a record; undefined: the text is invalid. */
export function parseJob(text: string): JobRecord | undefined {
  return parseJson(text, recordSchema);
}
