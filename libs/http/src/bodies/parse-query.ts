import type { z } from 'zod';
import { describeIssues } from '../errors/describe-issues.js';
import { HttpError } from '../errors/http-error.js';

/**
 * Parses and checks the part of a URL after `?`. When a name occurs several times, the last one counts.
 *
 * @throws HttpError `QUERY_INVALID` that names the problem
 */
export function parseQuery<Schema extends z.ZodType>(url: string, schema: Schema): z.output<Schema> {
  const begin = url.indexOf('?');
  const text = begin === -1 ? '' : url.slice(begin + 1);
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (result.success) return result.data;
  throw new HttpError('QUERY_INVALID', describeIssues(result.error, 'query'));
}
