import type { z } from 'zod';
import { shortened } from './errors.js';

/**
 * Describes a problem that zod found in external data. Example:
 * `schedules.0.name: expected string, received number`.
 *
 * @param whole - replaces the name of the field when the value as a whole is invalid
 */
export function describeIssue(
  { path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>,
  whole = 'body',
): string {
  const where = path.length === 0 ? whole : shortened(path.map(String).join('.'));
  return `${where}: ${message.replace(/^Invalid (?:input|option): /, '').replaceAll('"|"', '", "')}`;
}
