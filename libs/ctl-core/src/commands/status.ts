import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { failure } from '../errors/failure.js';

/** `status`: prints everything known about a mirror, at all workers that have it. */
export function addStatus(program: Command, context: CtlContext): void {
  program
    .command('status')
    .description('show everything about a mirror, at all workers that have it')
    .argument('<mirror>', 'name of the mirror')
    .action(async (name: string) => {
      const [{ findMirror }, { atWorker }, { statusLines }] = await Promise.all([
        import('../mirror/find-mirror.js'),
        import('../mirror/at-worker.js'),
        import('../mirror/status-lines.js'),
      ]);
      const manager = await context.manager();
      let found;
      try {
        const statuses = await findMirror(manager, name);
        found = await Promise.all(statuses.map((status) => atWorker(manager, status)));
      } catch (error) {
        throw failure(`Failed to get the status of ${name}`, error);
      }
      if (context.json()) {
        const records = found.map(({ status, progress, wait, heard }) => ({
          ...status,
          progress,
          wait,
          heard,
        }));
        context.printJson(records);
        return;
      }
      const colors = context.terminal?.colors === true;
      const blocks = found.map((one) => statusLines(one, context.clock.now(), colors).join('\n'));
      context.print(blocks.join('\n\n'));
      if (found.some(({ offered }) => !offered)) {
        context.print('\nThis manager does not report progress, reasons for waiting or heartbeats.');
      }
    });
}
