import { messageOf } from '@tunasync/protocol';
import type { z } from 'zod';
import { ManagerError } from '../errors.js';
import { describeIssues } from './describe-issues.js';

/**
 * The value in a body, whatever its Content-Type says.
 *
 * @throws ManagerError `BODY_INVALID` that says what is wrong
 */
export function parseBody<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  if (text.trim() === '') throw new ManagerError('BODY_INVALID', 'the body is empty: expected JSON');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Node quotes the text around some mistakes: a token may be in it, and the message gets into logs
    const why = messageOf(error).replace(/, (?:\.\.\.)?".*" is not valid JSON$/, '');
    throw new ManagerError('BODY_INVALID', `the body is not valid JSON: ${why}`);
  }
  return checkBody(value, schema);
}

/** The same for a body that was parsed before. @throws ManagerError `BODY_INVALID` */
export function checkBody<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ManagerError('BODY_INVALID', describeIssues(result.error));
}
