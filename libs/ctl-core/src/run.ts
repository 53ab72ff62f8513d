import type { Writable } from 'node:stream';
import type { ManagerClient } from '@tunasync/client';
import { normalizeArgs } from '@tunasync/daemon/normalize-args';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { CommanderError, type Command } from 'commander';
import type { Terminal } from './context/terminal.js';
import { CtlError, UsageError } from './errors/errors.js';
import { createProgram } from './program.js';
import { loadSettings, type GlobalFlags } from './settings/settings.js';
import { harmless, harmlessJson } from './text/printable.js';

/** Options of {@link run}. */
export interface RunOptions {
  /** Arguments without the program's own name. */
  argv: readonly string[];
  /** Receives data and confirmations. */
  stdout: Pick<Writable, 'write'> & Partial<Pick<Writable, 'once'>>;
  /** Receives errors and, if requested, notes. */
  stderr: Pick<Writable, 'write'>;
  /** The version for `--version`. */
  version: string;
  /** The user's home folder, with `.config/tunasync/ctl.conf`. @defaultValue none */
  home?: string | undefined;
  /** The configuration of the machine. @defaultValue /etc/tunasync/ctl.conf */
  systemConfig?: string | undefined;
  /** Name of the program in help and messages. @defaultValue tunasynctl */
  name?: string | undefined;
  /** The terminal on `stdout`. @defaultValue none: it is a pipe or a file */
  terminal?: Terminal | undefined;
  /** Gives the time. @defaultValue the machine's */
  clock?: Clock | undefined;
  /** Ends `logs --follow` with success. @defaultValue none */
  signal?: AbortSignal | undefined;
}

/**
 * Runs one command of tunasynctl. Errors of the user, of a file or of the manager do not make it reject.
 *
 * @returns the exit code: 0, or 1 after one line on standard error
 */
export async function run(options: RunOptions): Promise<number> {
  const { argv, stdout, stderr, version, home, name = 'tunasynctl' } = options;
  const { systemConfig = '/etc/tunasync/ctl.conf', terminal, clock = systemClock, signal } = options;
  let client: ManagerClient | undefined;
  // the line may hold names, messages and whole answers of other machines
  const tell = (line: string): void => void stderr.write(`${harmless(line)}\n`);
  const note = (line: string): void => {
    const { verbose, debug } = program.opts<GlobalFlags>();
    if (verbose === true || debug === true) tell(line);
  };
  let isFull = false;
  const write = (data: string | Uint8Array): void => {
    isFull = !stdout.write(data);
  };
  const print = (line: string): void => {
    write(`${line}\n`);
  };
  const printJson = (value: unknown, form: 'line' | 'lines' = 'lines'): void => {
    const text = JSON.stringify(value, undefined, form === 'lines' ? 2 : undefined);
    print(terminal === undefined ? text : harmlessJson(text));
  };
  const json = (): boolean => program.opts<GlobalFlags>().json === true;
  const program = createProgram(name, version, {
    write,
    drained: async () => {
      const { once } = stdout;
      if (isFull && once !== undefined) {
        await new Promise<void>((resolve) => {
          once.call(stdout, 'drain', resolve);
        });
      }
      isFull = false;
    },
    tell,
    signal,
    terminal,
    clock,
    json,
    manager: async () => {
      const settings = await loadSettings(program.opts<GlobalFlags>(), {
        systemConfig,
        home,
        onWarning: note,
      });
      // --help does not need it and starts faster without
      const { connect } = await import('./manager/connect.js');
      client = await connect(settings);
      note(`manager: ${client.address}`);
      return client;
    },
    print,
    printJson,
    confirm: (line) => {
      if (json()) printJson({ message: line }, 'line');
      else print(line);
    },
    note,
  });
  for (const command of withSubcommands(program)) {
    command.configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: () => undefined });
  }
  try {
    await program.parseAsync(normalizeArgs(argv, program), { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    tell(failureLine(error, name));
    if (program.opts<GlobalFlags>().debug === true) tell(detail(error));
    return 1;
  } finally {
    client?.close();
  }
}

/** Returns a command and all its subcommands. */
function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function failureLine(error: unknown, name: string): string {
  if (error instanceof CommanderError) {
    const message = error.code === 'commander.help' ? 'expected a command' : messageOf(error);
    return `${name}: ${message.replace(/^error: |\.$/g, '')}; see ${name} --help`;
  }
  if (error instanceof UsageError || !(error instanceof CtlError)) return `${name}: ${messageOf(error)}`;
  return messageOf(error);
}

/** Returns codes and messages of an error and its causes. */
function detail(error: unknown): string {
  const lines: string[] = [];
  for (let current = error; typeof current === 'object' && current !== null;) {
    const { code, message, cause } = current as { code?: unknown; message?: unknown; cause?: unknown };
    lines.push(`debug: ${[code, message].filter((part) => typeof part === 'string').join(': ')}`);
    current = cause;
  }
  return lines.join('\n');
}
