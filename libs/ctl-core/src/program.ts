import { Command, InvalidArgumentError } from 'commander';
import { addCert } from './commands/cert.js';
import { addCompletion } from './commands/completion.js';
import { addFlush } from './commands/flush.js';
import { addHistory } from './commands/history.js';
import { addJobCommands } from './commands/job-commands.js';
import { addList } from './commands/list.js';
import { addLogs } from './commands/logs.js';
import { addMirrors } from './commands/mirrors.js';
import { addOpen } from './commands/open.js';
import { addReload } from './commands/reload.js';
import { addRmWorker } from './commands/rm-worker.js';
import { addSetSize } from './commands/set-size.js';
import { addStale } from './commands/stale.js';
import { addStatus } from './commands/status.js';
import { addWatch } from './commands/watch.js';
import { addWorkers } from './commands/workers.js';
import type { CtlContext } from './context/context.js';

/**
 * Creates the program with all its commands and flags. The program's own flags may come before or after a
 * command's name.
 */
export function createProgram(name: string, version: string, context: CtlContext): Command {
  const program = new Command(name)
    .description('Monitor and control the mirrors of a tunasync manager')
    .version(version, '--version', 'print the version')
    .option('-c, --config <file>', 'read this configuration file after the standard ones')
    .option('-m, --manager <host>', 'host name or address of the manager (default: localhost)')
    .option('-p, --port <port>', 'port of the manager (default: 14242)', readPort)
    .option('--ca-cert <file>', 'trust only the authority with this certificate, and use HTTPS')
    .option('--client-cert <file>', 'send this certificate, and use HTTPS; requires --client-key')
    .option('--client-key <file>', 'private key of --client-cert')
    .option('--json', 'print JSON')
    .option('-v, --verbose', 'print more on standard error')
    .option('--debug', 'print even more on standard error')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  addList(program, context);
  addStatus(program, context);
  addHistory(program, context);
  addLogs(program, context);
  addStale(program, context);
  addWatch(program, context);
  addWorkers(program, context);
  addJobCommands(program, context);
  addReload(program, context);
  addMirrors(program, context);
  addSetSize(program, context);
  addFlush(program, context);
  addRmWorker(program, context);
  addCert(program, context);
  addOpen(program, context);
  addCompletion(program, context);
  return program;
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError('expected a number from 1 to 65535.');
}
