import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { CtlError } from '../errors/errors.js';
import { failure, isRefusal } from '../errors/failure.js';

/** `set-size`: sets the size of a mirror. */
export function addSetSize(program: Command, context: CtlContext): void {
  program
    .command('set-size')
    .description('set the size of a mirror')
    .requiredOption('-w, --worker <worker>', 'the worker that has the mirror')
    .argument('<mirror>', 'name of the mirror')
    .argument('<size>', 'size such as 1.33T')
    .action(async (mirror: string, size: string, { worker }: { worker: string }) => {
      const manager = await context.manager();
      let stored: string;
      try {
        ({ size: stored } = await manager.reportSize(worker, { name: mirror, size }));
      } catch (error) {
        if (!isRefusal(error)) throw failure('Failed to correctly send command', error);
        throw new CtlError('CTL_FAILED', `Manager failed to update mirror size: ${error.body.trim()}`, error);
      }
      // a manager may keep a known size, and then answers with that one
      if (stored !== size) {
        throw new CtlError('CTL_FAILED', `Mirror size error, expecting ${size}, manager returned ${stored}`);
      }
      context.confirm(`Successfully updated mirror size to ${size}`);
    });
}
