import { describeIssue } from '@tunasync/protocol';
import type { z } from 'zod';

/** Problems that one message names. */
const mostProblems = 3;

/**
 * Describes why an input does not fit its schema, in one line.
 *
 * @param whole - name of the input, for a problem of the input as a whole
 */
export function describeIssues({ issues }: z.ZodError, whole: 'body' | 'query'): string {
  const problems = issues.slice(0, mostProblems).map((issue) => describeIssue(issue, whole));
  if (issues.length > mostProblems) problems.push(`and ${issues.length - mostProblems} more`);
  return problems.join('; ');
}
