import type { ManagerClient } from '@tunasync/client';
import type { RunRecord } from '@tunasync/protocol';
import { InvalidArgumentError, type Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { tableOptions } from '../context/terminal.js';
import { CtlError } from '../errors/errors.js';
import { failure } from '../errors/failure.js';

/** `history`: prints the finished runs of a mirror. */
export function addHistory(program: Command, context: CtlContext): void {
  program
    .command('history')
    .description('list the finished syncs of a mirror, newest first')
    .argument('<mirror>', 'name of the mirror')
    .option('-n, --limit <count>', 'the newest N (default: 50)', readLimit)
    .action(async (name: string, { limit }: { limit?: number }) => {
      const manager = await context.manager();
      let runs;
      try {
        runs = await historyOf(manager, name, limit);
      } catch (error) {
        throw failure(`Failed to get the history of ${name}`, error);
      }
      if (context.json()) {
        context.printJson(runs);
      } else if (runs.length === 0) {
        context.print(`no finished sync of ${name}`);
      } else {
        const { historyTable } = await import('../tables/history-table.js');
        for (const line of historyTable(runs, tableOptions(context))) context.print(line);
      }
    });
}

async function historyOf(
  manager: ManagerClient,
  name: string,
  limit: number | undefined,
): Promise<RunRecord[]> {
  const { findMirror, isNotFound } = await import('../mirror/find-mirror.js');
  try {
    return await manager.jobHistory(name, limit === undefined ? {} : { limit });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // either the mirror is unknown, which this reports, or the manager lacks the route
    await findMirror(manager, name);
    throw new CtlError('CTL_NOT_OFFERED', 'this manager does not keep a history of syncs', error);
  }
}

/** The maximum number of runs in an answer. Source: docs/http-api.md. */
const mostRuns = 1000;

function readLimit(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= mostRuns) return count;
  throw new InvalidArgumentError(`expected a number from 1 to ${mostRuns}.`);
}
