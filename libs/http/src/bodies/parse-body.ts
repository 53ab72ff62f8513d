import { messageOf } from '@tunasync/protocol';
import type { z } from 'zod';
import { describeIssues } from '../errors/describe-issues.js';
import { HttpError } from '../errors/http-error.js';

/**
 * Parses a body as JSON, whatever its Content-Type, and checks it.
 *
 * @throws HttpError `BODY_INVALID` that names the problem
 */
export function parseBody<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  if (text.trim() === '') throw new HttpError('BODY_INVALID', 'the body is empty: expected JSON');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Node quotes the text around some mistakes: a token may be in it, and the message gets into logs
    const why = messageOf(error).replace(/, (?:\.\.\.)?".*" is not valid JSON$/, '');
    throw new HttpError('BODY_INVALID', `the body is not valid JSON: ${why}`);
  }
  return checkBody(value, schema);
}

/** Checks a body that a framework has parsed already. @throws HttpError `BODY_INVALID` */
export function checkBody<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HttpError('BODY_INVALID', describeIssues(result.error, 'body'));
}
