import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { failure } from '../errors/failure.js';

/** `rm-worker`: removes a worker. */
export function addRmWorker(program: Command, context: CtlContext): void {
  program
    .command('rm-worker')
    .description('remove a worker and the statuses of its mirrors')
    .requiredOption('-w, --worker <worker>', 'the worker to remove')
    .action(async ({ worker }: { worker: string }) => {
      const manager = await context.manager();
      try {
        await manager.deleteWorker(worker);
      } catch (error) {
        throw failure('Failed to correctly send command', error);
      }
      context.confirm('Successfully removed the worker');
    });
}
