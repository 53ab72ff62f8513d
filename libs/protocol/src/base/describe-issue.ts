import type { z } from 'zod';
import { shortened } from './errors.js';

/**
 * What zod found wrong with a value that came in, for people: `schedules.0.name: expected string, received number`.
 *
 * @param whole - what stands for the field's name when the value as a whole is wrong
 */
export function describeIssue(
  { path, message }: Pick<z.core.$ZodIssue, 'path' | 'message'>,
  whole = 'body',
): string {
  const where = path.length === 0 ? whole : shortened(path.map(String).join('.'));
  return `${where}: ${message.replace(/^Invalid (?:input|option): /, '').replaceAll('"|"', '", "')}`;
}
