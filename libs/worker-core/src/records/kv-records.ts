import type { Logger } from '@tunasync/logger';
import { runRecordSchema, type Clock } from '@tunasync/protocol';
import { z } from 'zod';
import type { JobRecord, RecordStore } from '../interfaces/job-record.js';
import { CoalescingWriter } from './coalescing-writer.js';
import type { KeyValue } from './key-value.js';

const prefix = 'job/';
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

/**
 * Keeps the records in a key-value store under `job/<name>`: one batch for all that came while the last one was
 * under way. A record that cannot be read is left out, with a warning. The store itself stays open on `close`.
 */
export function levelRecords(kv: KeyValue, logger: Logger, options: { clock?: Clock } = {}): RecordStore {
  const writer = new CoalescingWriter({ kv, logger, what: 'job records', ...options });
  return {
    async load() {
      await writer.flush();
      const records = new Map<string, JobRecord>();
      for (const [key, value] of await kv.entries(prefix)) {
        const record = parseRecord(value);
        if (record === undefined) logger.warn(`the kept record ${key} makes no sense and is ignored`);
        else records.set(record.name, record);
      }
      return records;
    },
    put(record) {
      writer.put(`${prefix}${record.name}`, JSON.stringify(record));
    },
    remove(name) {
      writer.put(`${prefix}${name}`, undefined);
    },
    flush: () => writer.flush(),
    close: () => writer.close(),
  };
}

function parseRecord(text: string): JobRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = recordSchema.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}
