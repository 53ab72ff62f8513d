import type { CmdVerb } from '@tunasync/protocol';
import type { Command } from 'commander';
import type { CtlContext } from '../context.js';
import { sendCommand } from './send-command.js';

const descriptions: Record<Exclude<CmdVerb, 'reload'>, string> = {
  start: 'start a sync now',
  stop: 'end the running sync and pause the mirror',
  disable: 'end the running sync and take the mirror out of use',
  restart: 'end the running sync and start a new one',
  ping: 'ask whether the worker has the mirror',
};

interface JobFlags {
  worker?: string;
  force?: boolean;
}

/** `start`, `stop`, `disable`, `restart` and `ping`: commands for a mirror. */
export function addJobCommands(program: Command, context: CtlContext): void {
  for (const [verb, description] of Object.entries(descriptions) as [CmdVerb, string][]) {
    const command = program
      .command(verb)
      .description(description)
      .option('-w, --worker <worker>', 'the worker that has the mirror')
      .argument('<mirror>', 'name of the mirror')
      .argument('[args]', 'arguments for the worker, separated by commas')
      .action(async (mirror: string, args: string | undefined, { worker = '', force = false }: JobFlags) => {
        await sendCommand(context, {
          cmd: verb,
          mirror_id: mirror,
          worker_id: worker,
          args: args === undefined ? null : args.split(','),
          options: force ? { force } : {},
        });
      });
    if (verb === 'start') command.option('-f, --force', "go round the worker's limit of concurrent syncs");
  }
}
