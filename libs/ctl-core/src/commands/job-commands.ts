import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import type { Verb } from '../mirror/targets.js';

const descriptions: Record<Verb, string> = {
  start: 'start a sync now',
  stop: 'end the running sync and pause the mirror',
  disable: 'end the running sync and disable the mirror',
  enable: 'enable the mirror again and start a sync',
  restart: 'end the running sync and start a new one',
  ping: 'check that the worker has the mirror',
};

interface JobFlags {
  worker?: string;
  force?: boolean;
}

/** `start`, `stop`, `disable`, `enable`, `restart` and `ping`: commands for mirrors. */
export function addJobCommands(program: Command, context: CtlContext): void {
  for (const [verb, description] of Object.entries(descriptions) as [Verb, string][]) {
    const command = program
      .command(verb)
      .description(description)
      .option('-w, --worker <worker>', 'the worker that has the mirror (default: all that have it)')
      .argument('<mirror>', 'name of the mirror, or a glob for several such as debian*')
      .argument(
        '[more...]',
        'more names and globs; a second word that is not similar to a name is an argument for the worker',
      )
      .action(async (mirror: string, more: readonly string[], { worker = '', force = false }: JobFlags) => {
        const { sendByName } = await import('./send-by-name.js');
        const options = force ? { force } : {};
        await sendByName(context, { verb, patterns: [mirror, ...more], worker, options });
      });
    if (verb === 'start') command.option('-f, --force', "ignore the worker's limit of concurrent syncs");
  }
}
