import { CommanderError, type Command } from 'commander';
import { normalizeArgs } from './normalize-args.js';

/** What came of parsing: the flags, or an exit code because everything was said already. */
export type ParsedFlags<Flags> = { flags: Flags } | { exitCode: number };

/** Where {@link parseFlags} writes. */
export interface ParseOutput {
  writeOut: (text: string) => void;
  writeError: (text: string) => void;
}

/**
 * Parses the flags of a command in both spellings (see {@link normalizeArgs}). `--help` and `--version` print to
 * standard output and give exit code 0; a usage error is one line on standard error, `<name>: <what>`, and 1.
 *
 * @param argv - arguments without the program's own name
 * @param output - @defaultValue standard output and standard error
 */
export function parseFlags<Flags extends object>(
  command: Command,
  argv: readonly string[],
  output?: ParseOutput,
): ParsedFlags<Flags> {
  command.exitOverride().configureOutput({
    ...(output === undefined ? {} : { writeOut: output.writeOut, writeErr: output.writeError }),
    outputError: (text, write) => {
      write(
        `${command.name()}: ${text
          .trim()
          .replace(/^error: /, '')
          .replace(/\s*\n\s*/g, ' ')}\n`,
      );
    },
  });
  try {
    const args = normalizeArgs(argv, command);
    return { flags: command.parse(args, { from: 'user' }).opts<Flags>() };
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 1 };
    throw error;
  }
}
