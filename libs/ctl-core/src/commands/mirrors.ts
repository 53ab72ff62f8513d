import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import type { ListFlags } from './mirrors/list-mirrors.js';
import type { SwitchFlags } from './mirrors/switch-mirrors.js';

const defaultDir = '/etc/tunasync.d';

/** `mirrors`: manages a folder of mirror files on a worker's machine, and which of them are enabled. */
export function addMirrors(program: Command, context: CtlContext): void {
  const mirrors = program
    .command('mirrors')
    .description("list, enable and disable mirror files on a worker's machine");
  const dirHelp = 'folder with mirror-available and mirror-enabled';
  mirrors
    .command('list')
    .description('list the mirror files')
    .argument('[names...]', 'names of mirrors or files (default: all)')
    .option('--dir <folder>', dirHelp, defaultDir)
    .action(async (names: string[], flags: ListFlags) => {
      const { listMirrors } = await import('./mirrors/list-mirrors.js');
      await listMirrors(names, flags, context);
    });
  const descriptions = {
    enable: 'enable mirror files and reload the worker',
    disable: 'disable mirror files and reload the worker',
  } as const;
  for (const [verb, description] of Object.entries(descriptions) as [keyof typeof descriptions, string][]) {
    mirrors
      .command(verb)
      .description(description)
      .argument('<names...>', 'names of mirrors or files')
      .option('--dir <folder>', dirHelp, defaultDir)
      .option('--worker-config <file>', 'configuration of the worker (default: /etc/tunasync/worker.conf)')
      .option('-w, --worker <worker>', 'the worker to reload (default: the one in the configuration)')
      .option('--no-reload', 'do not reload the worker')
      .action(async (names: string[], flags: SwitchFlags) => {
        const { switchMirrors } = await import('./mirrors/switch-mirrors.js');
        await switchMirrors(verb, names, { ...flags, dirIsDefault: flags.dir === defaultDir }, context);
      });
  }
}
