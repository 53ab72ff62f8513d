import type { Command } from 'commander';

/**
 * Makes the spellings that Go's `flag` package takes into those of commander: `-config x` and `-config=x` become
 * `--config x` and `--config=x`; `--p 1` and `-p=1` become `-p 1`. What follows `--` is left alone, and so is
 * everything that does not look like one of the flags of the program or its commands.
 */
export function normalizeArgs(argv: readonly string[], program: Command): string[] {
  const options = [program, ...program.commands].flatMap((command) => command.options);
  const longFlags = new Set(['help', ...options.flatMap((option) => option.long?.slice(2) ?? [])]);
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return [...flags.flatMap((argument) => normalizeArg(argument, longFlags)), ...argv.slice(flags.length)];
}

function normalizeArg(argument: string, longFlags: ReadonlySet<string>): string[] {
  const match = /^--?([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(argument);
  if (match === null) return [argument];
  const [, name = '', value] = match;
  if (name.length === 1) return value === undefined ? [`-${name}`] : [`-${name}`, value];
  if (!longFlags.has(name)) return [argument];
  return [value === undefined ? `--${name}` : `--${name}=${value}`];
}
