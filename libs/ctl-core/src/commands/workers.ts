import type { Command } from 'commander';
import type { CtlContext } from '../context.js';
import { failure } from '../failure.js';

/** `workers`: all workers as JSON. */
export function addWorkers(program: Command, context: CtlContext): void {
  program
    .command('workers')
    .description('list the workers')
    .action(async () => {
      const manager = await context.manager();
      try {
        context.print(JSON.stringify(await manager.listWorkers(), undefined, 2));
      } catch (error) {
        throw failure('Failed to correctly get information of workers from manager server', error);
      }
    });
}
