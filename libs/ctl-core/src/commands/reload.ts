import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { sendCommand } from './send-command.js';

/** `reload`: makes a worker reload its mirrors. */
export function addReload(program: Command, context: CtlContext): void {
  program
    .command('reload')
    .description('make a worker reload the mirrors of its configuration')
    .requiredOption('-w, --worker <worker>', 'the worker')
    .action(async ({ worker }: { worker: string }) => {
      await sendCommand(context, {
        cmd: 'reload',
        mirror_id: '',
        worker_id: worker,
        args: null,
        options: null,
      });
    });
}
