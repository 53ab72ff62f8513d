import type { ManagerClient } from '@tunasync/client';
import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { CtlError } from '../errors/errors.js';
import { failure } from '../errors/failure.js';
import { allStatuses } from '../manager/all-statuses.js';
import { isStale } from '../mirror/is-stale.js';
import { printable } from '../text/printable.js';

/** `flush`: drops the statuses of disabled mirrors. */
export function addFlush(program: Command, context: CtlContext): void {
  program
    .command('flush')
    .description('drop the statuses of disabled mirrors')
    .option(
      '--stale-only',
      'do nothing if one of them was synced within a week, because a manager drops all or none',
    )
    .action(async ({ staleOnly = false }: { staleOnly?: boolean }) => {
      const manager = await context.manager();
      try {
        if (staleOnly && !(await hasStaleOnly(manager, context.clock.now()))) {
          context.confirm('no mirror is disabled: nothing was flushed');
          return;
        }
        await manager.flushDisabledJobs();
      } catch (error) {
        throw failure('Failed to correctly send command', error);
      }
      context.confirm('Successfully flushed disabled jobs');
    });
}

/** Maximum number of names in an error. */
const mostNames = 10;

/**
 * Returns whether there are disabled mirrors. All of them have to be stale.
 *
 * @throws CtlError `CTL_NOT_STALE` with the names of mirrors that are not stale, and the errors of the client
 */
async function hasStaleOnly(manager: ManagerClient, now: number): Promise<boolean> {
  const disabled = (await allStatuses(manager)).filter(({ status }) => status === 'disabled');
  const fresh = disabled.filter((job) => !isStale(job, now));
  if (fresh.length === 0) return disabled.length > 0;
  const names = fresh.slice(0, mostNames).map(({ name, worker }) => `${name} on ${worker}`);
  const rest = fresh.length > names.length ? ` and ${fresh.length - names.length} more` : '';
  throw new CtlError(
    'CTL_NOT_STALE',
    printable(`nothing was flushed: disabled but not stale: ${names.join(', ')}${rest}`),
  );
}
