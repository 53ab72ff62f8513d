import type { Command } from 'commander';

/**
 * Makes the spellings that Go's `flag` package takes into those of commander, so that existing units and scripts
 * work: `-config x` and `-config=x` become `--config x` and `--config=x`; `--c x` and `-c=x` become `-c x`.
 * What follows `--` is left alone.
 *
 * @param argv - arguments without the program's own name
 * @param program - only the long flags of it and its commands are rewritten, so that clusters such as `-av` and
 *   attached values such as `-p8080` keep working
 */
export function normalizeArgs(argv: readonly string[], program: Command): string[] {
  const options = withSubcommands(program).flatMap((command) => command.options);
  const known = new Set(['help', ...options.flatMap((option) => option.long?.slice(2) ?? [])]);
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  const rest = end === -1 ? [] : argv.slice(end);
  return [...flags.flatMap((argument) => normalizeArg(argument, known)), ...rest];
}

/** A command and all below it. */
function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function normalizeArg(argument: string, known: ReadonlySet<string>): string[] {
  const match = /^(--?)([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(argument);
  if (match === null) return [argument];
  const [, dashes, name = '', value] = match;
  if (name.length === 1) return value === undefined ? [`-${name}`] : [`-${name}`, value];
  if (dashes === '--' || !known.has(name)) return [argument];
  return [`-${argument}`];
}
