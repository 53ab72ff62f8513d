import { describeIssue } from '@tunasync/protocol';
import type { z } from 'zod';
import { BadReplyError } from '../request/errors.js';

/** Reads the data of an event by its schema. @throws BadReplyError */
export function readEvent<Data>(address: string, event: string, data: string, schema: z.ZodType<Data>): Data {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (error) {
    throw new BadReplyError(address, `event ${event}: not JSON`, error);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const why = issue === undefined ? 'invalid' : describeIssue(issue);
  throw new BadReplyError(address, `event ${event}: ${why}`, result.error);
}
