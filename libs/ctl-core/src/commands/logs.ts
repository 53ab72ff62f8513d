import { InvalidArgumentError, type Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { UsageError } from '../errors/errors.js';

interface LogsFlags {
  worker?: string;
  follow?: boolean;
  lines?: number | 'all';
  log?: string;
  list?: boolean;
  search?: string;
}

/** `logs`: prints the logs of a mirror's syncs. */
export function addLogs(program: Command, context: CtlContext): void {
  program
    .command('logs')
    .description('print the newest log of a mirror, or follow it while it is written')
    .argument('<mirror>', 'name of the mirror')
    .option('-w, --worker <worker>', 'the worker that has the mirror (required if several have it)')
    .option('-f, --follow', 'keep printing new lines, also of later attempts, until Ctrl-C')
    .option(
      '-n, --lines <count>',
      'only the last N lines, or all (default: all; with --follow: 10)',
      readLines,
    )
    .option('--log <name>', 'this log instead of the newest one')
    .option('--list', 'list the logs')
    .option('--search <text>', 'only lines with this text, ignoring case; with -n: the first N')
    .action(async (mirror: string, flags: LogsFlags) => {
      const { worker, follow = false, lines, log, list = false, search } = flags;
      const given = [follow && '--follow', list && '--list', search !== undefined && '--search'];
      const [first, second] = given.filter((flag) => flag !== false);
      if (second !== undefined) throw new UsageError(`${first ?? ''} and ${second} cannot be used together`);
      if (log !== undefined && (follow || list)) {
        throw new UsageError(`--log and ${first ?? ''} cannot be used together`);
      }
      if (list && lines !== undefined) throw new UsageError('--list and --lines cannot be used together');
      if (search === '') throw new UsageError('--search: expected a text');
      const { logs } = await import('../logs/logs.js');
      await logs(context, { mirror, worker, follow, lines, log, list, search });
    });
}

function readLines(text: string): number | 'all' {
  if (text === 'all') return text;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a number of lines, or all.');
}
