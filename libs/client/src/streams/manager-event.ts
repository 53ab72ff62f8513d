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

/** An event of a manager. Source: docs/http-api.md, `GET /api/events`. */
export type ManagerEvent =
  /** The first event of each connection. Unless it is `resumed`, request the jobs again. */
  | { type: 'hello'; data: ApiHello }
  /** The changes since the last event. */
  | { type: 'changes'; data: ApiChanges }
  /** Too much changed: request the jobs again. */
  | { type: 'reset'; data: { counts: JobCounts; states: JobStateCounts } }
  /** The reader took nothing for N seconds; the changes of that time are omitted. */
  | { type: 'lag'; data: { seconds: number } }
  /** The server ends the stream; the client reopens it. */
  | { type: 'end'; data: { reason: string } };

const schemas = {
  hello: apiHelloSchema,
  changes: apiChangesSchema,
  reset: z.object({ counts: jobCountsSchema, states: jobStateCountsSchema }),
  lag: z.object({ seconds: z.number() }),
  end: z.object({ reason: z.string() }),
};

/** Reads an event; returns undefined for a kind of a later version. @throws BadReplyError */
export function managerEvent(address: string, { event, data }: EventSourceMessage): ManagerEvent | undefined {
  if (event === undefined || !Object.hasOwn(schemas, event)) return undefined;
  const type = event as ManagerEvent['type'];
  const schema: z.ZodType = schemas[type];
  return { type, data: readEvent(address, type, data, schema) } as ManagerEvent;
}
