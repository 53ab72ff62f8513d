import type { z } from 'zod';
import { ManagerError } from '../errors.js';
import { describeIssues } from './describe-issues.js';

/**
 * What follows `?` in a URL; of a name that is there several times the last one counts.
 *
 * @throws ManagerError `QUERY_INVALID` that says what is wrong
 */
export function parseQuery<Schema extends z.ZodType>(url: string, schema: Schema): z.output<Schema> {
  const begin = url.indexOf('?');
  const text = begin === -1 ? '' : url.slice(begin + 1);
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (result.success) return result.data;
  throw new ManagerError('QUERY_INVALID', describeIssues(result.error));
}
