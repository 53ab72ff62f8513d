import type { Command } from 'commander';
import type { CtlContext } from '../context.js';
import { failure } from '../failure.js';

/** `flush`: drops the statuses of disabled mirrors. */
export function addFlush(program: Command, context: CtlContext): void {
  program
    .command('flush')
    .description('drop the statuses of disabled mirrors')
    .action(async () => {
      const manager = await context.manager();
      try {
        await manager.flushDisabledJobs();
      } catch (error) {
        throw failure('Failed to correctly send command', error);
      }
      context.confirm('Successfully flushed disabled jobs');
    });
}
