import type { ManagerClient } from '@tunasync/client';
import type { LogFile } from '@tunasync/protocol';
import type { CtlContext } from '../context/context.js';
import { tableOptions } from '../context/terminal.js';
import { CtlError } from '../errors/errors.js';
import { printable } from '../text/printable.js';
import { explainLogError } from './explain.js';
import type { LogAddress } from './read-tail.js';

/** The request of the command line. */
export interface LogsCommand {
  mirror: string;
  worker: string | undefined;
  follow: boolean;
  lines: number | 'all' | undefined;
  /** Name of the log; undefined: the newest one. */
  log: string | undefined;
  list: boolean;
  search: string | undefined;
}

/** Number of lines that `--follow` begins with, as in `tail` and `journalctl`. */
const linesBefore = 10;

/** Lists, prints, searches or follows logs of a mirror. @throws CtlError */
export async function logs(context: CtlContext, command: LogsCommand): Promise<void> {
  const manager = await context.manager();
  const { mirror, worker } = command;
  try {
    await carryOut(context, manager, command);
  } catch (error) {
    if (error instanceof CtlError) throw error;
    throw await explainLogError(manager, mirror, worker, error);
  }
}

async function carryOut(context: CtlContext, manager: ManagerClient, command: LogsCommand): Promise<void> {
  const { mirror, worker, lines } = command;
  const all = await manager.listLogs(mirror, { worker });
  if (command.list) {
    await list(context, mirror, all);
    return;
  }
  if (command.follow) {
    const { followLog } = await import('./follow-log.js');
    await followLog(context, manager, { mirror, worker, newest: all[0], lines: lines ?? linesBefore });
    return;
  }
  const at: LogAddress = { mirror, worker, log: chosen(mirror, all, command.log).name };
  if (command.search === undefined) {
    const { showLog } = await import('./show-log.js');
    await showLog(context, manager, at, lines ?? 'all');
  } else {
    const { searchLog } = await import('./search-log.js');
    await searchLog(context, manager, at, command.search, typeof lines === 'number' ? lines : Infinity);
  }
}

async function list(context: CtlContext, mirror: string, all: readonly LogFile[]): Promise<void> {
  if (context.json()) {
    context.printJson(all);
  } else if (all.length === 0) {
    context.print(printable(`${mirror} has no log yet`));
  } else {
    const { logTable } = await import('../tables/log-table.js');
    for (const line of logTable(all, context.clock.now(), tableOptions(context))) context.print(line);
  }
}

function chosen(mirror: string, all: readonly LogFile[], name: string | undefined): LogFile {
  const [newest] = all;
  if (newest === undefined) throw new CtlError('CTL_NO_LOG', printable(`${mirror} has no log yet`));
  if (name === undefined) return newest;
  // the log of a failed attempt is also found without .fail
  const found = all.find((log) => log.name === name || log.name === `${name}.fail`);
  if (found !== undefined) return found;
  throw new CtlError('CTL_NO_LOG', printable(`${mirror} has no log \`${name}\`; --list shows its logs`));
}
