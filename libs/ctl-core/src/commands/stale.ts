import { InvalidArgumentError, type Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { tableOptions } from '../context/terminal.js';
import { failure } from '../errors/failure.js';
import { allStatuses } from '../manager/all-statuses.js';
import { defaultAge, isStale } from '../mirror/is-stale.js';

/** `stale`: prints the mirrors whose last success is too long ago. */
export function addStale(program: Command, context: CtlContext): void {
  program
    .command('stale')
    .description('list mirrors without a recent success, except disabled ones')
    .option(
      '--older-than <time>',
      'mirrors without a success for this time, such as 36h or 3d, and those that the manager calls stale (default: 7d)',
      readAge,
    )
    .action(async ({ olderThan = defaultAge }: { olderThan?: number }) => {
      const manager = await context.manager();
      const now = context.clock.now();
      let jobs;
      try {
        jobs = await allStatuses(manager);
      } catch (error) {
        throw failure('Failed to get the statuses of mirrors', error);
      }
      const stale = jobs.filter((job) => {
        if (job.status === 'disabled') return false;
        return isStale(job, now, olderThan);
      });
      if (context.json()) {
        context.printJson(stale);
      } else if (stale.length === 0) {
        context.print('no mirror is stale');
      } else {
        const { jobTable } = await import('../tables/job-table.js');
        for (const line of jobTable(stale, now, tableOptions(context))) context.print(line);
      }
    });
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 7 * 86_400 };

/** Seconds. */
function readAge(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('expected a time such as 90m, 36h, 3d or 2w.');
}
