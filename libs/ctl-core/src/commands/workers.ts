import type { ManagerClient } from '@tunasync/client';
import { TunasyncError, type ApiWorker, type WorkerStatus } from '@tunasync/protocol';
import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { tableOptions } from '../context/terminal.js';
import { failure } from '../errors/failure.js';

/** `workers`: prints all workers, as a table on a terminal, otherwise as JSON. */
export function addWorkers(program: Command, context: CtlContext): void {
  program
    .command('workers')
    .description('list the workers')
    .action(async () => {
      const manager = await context.manager();
      try {
        if (context.terminal === undefined || context.json()) {
          context.printJson(await manager.listWorkers());
          return;
        }
        const workers = await allOf(manager);
        const { workerTable } = await import('../tables/worker-table.js');
        for (const line of workerTable(workers, context.clock.now(), tableOptions(context))) {
          context.print(line);
        }
      } catch (error) {
        throw failure('Failed to correctly get information of workers from manager server', error);
      }
    });
}

async function allOf(manager: ManagerClient): Promise<readonly (ApiWorker | WorkerStatus)[]> {
  try {
    return await manager.findWorkers();
  } catch (error) {
    if (error instanceof TunasyncError && error.code === 'CLIENT_NOT_OFFERED') return manager.listWorkers();
    throw error;
  }
}
