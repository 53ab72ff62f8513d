import type { SyncStatus } from '@tunasync/protocol';
import { InvalidArgumentError, type Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { UsageError } from '../errors/errors.js';
import { failure } from '../errors/failure.js';
import { readStatuses } from '../manager/read-statuses.js';

interface WatchFlags {
  status?: SyncStatus[];
  interval: number;
}

/** `watch`: shows the statuses of all mirrors on the whole screen, kept up to date. */
export function addWatch(program: Command, context: CtlContext): void {
  program
    .command('watch')
    .description('show the statuses of all mirrors on the whole screen, kept up to date')
    .option(
      '-s, --status <statuses>',
      'only mirrors with one of these statuses, separated by commas',
      readStatuses,
    )
    .option(
      '-n, --interval <seconds>',
      'time between two requests, if the manager is too old to push changes',
      readInterval,
      2,
    )
    .action(async ({ status, interval }: WatchFlags) => {
      const { terminal, clock } = context;
      const write = (text: string): void => {
        context.write(text);
      };
      if (terminal === undefined || context.json()) {
        throw new UsageError('watch needs a terminal; use list in scripts');
      }
      const manager = await context.manager();
      const { watch } = await import('../watch/watch.js');
      try {
        await watch({ manager, terminal, write, clock, intervalMs: interval * 1000, statuses: status });
      } catch (error) {
        throw failure('Failed to correctly get information of all jobs from manager server', error);
      }
    });
}

function readInterval(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,4}(\.\d+)?$/.test(text) && seconds >= 0.5) return seconds;
  throw new InvalidArgumentError('expected a number of seconds, at least 0.5.');
}
