import {
  apiChangesSchema,
  apiHelloSchema,
  jobCountsSchema,
  jobStateCountsSchema,
  type ApiChanges,
  type ApiHello,
  type JobCounts,
  type JobStateCounts,
} from '@tunasync/protocol';
import type { EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { readEvent } from './read-event.js';

/** What a manager tells of itself. Source: docs/http-api.md, `GET /api/events`. */
export type ManagerEvent =
  /** Comes first, and after each loss of the connection: unless `resumed`, jobs are to be asked for anew. */
  | { type: 'hello'; data: ApiHello }
  /** What changed. */
  | { type: 'changes'; data: ApiChanges }
  /** Too much changed: jobs are to be asked for anew. */
  | { type: 'reset'; data: { counts: JobCounts; states: JobStateCounts } }
  /** The reader took nothing for so many seconds; what was between then and now is left out. */
  | { type: 'lag'; data: { seconds: number } }
  /** The stream ends; it is opened again. */
  | { type: 'end'; data: { reason: string } };

const schemas = {
  hello: apiHelloSchema,
  changes: apiChangesSchema,
  reset: z.object({ counts: jobCountsSchema, states: jobStateCountsSchema }),
  lag: z.object({ seconds: z.number() }),
  end: z.object({ reason: z.string() }),
};

/** Undefined for an event of a kind that came later. @throws BadReplyError */
export function managerEvent(address: string, { event, data }: EventSourceMessage): ManagerEvent | undefined {
  if (event === undefined || !Object.hasOwn(schemas, event)) return undefined;
  const type = event as ManagerEvent['type'];
  const schema: z.ZodType = schemas[type];
  return { type, data: readEvent(address, type, data, schema) } as ManagerEvent;
}
