import { describeIssue } from '@tunasync/protocol';
import type { z } from 'zod';

/** How many problems one message names. */
const mostProblems = 3;

/** What is wrong with an input, in one line. */
export function describeIssues({ issues }: z.ZodError): string {
  const problems = issues.slice(0, mostProblems).map((issue) => describeIssue(issue));
  if (issues.length > mostProblems) problems.push(`and ${issues.length - mostProblems} more`);
  return problems.join('; ');
}
