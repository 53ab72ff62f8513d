/** Long flags of all commands, without dashes. */
const longFlags = new Set([
  'all',
  'ca-cert',
  'config',
  'debug',
  'force',
  'format',
  'help',
  'manager',
  'port',
  'status',
  'verbose',
  'version',
  'worker',
]);

/**
 * Makes the spellings that Go's `flag` package takes into those of commander: `-config x` and `-config=x` become
 * `--config x` and `--config=x`; `--p 1` and `-p=1` become `-p 1`. What follows `--` is left alone, and so is
 * everything that does not look like one of the flags.
 */
export function normalizeArgs(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return [...flags.flatMap(normalizeArg), ...argv.slice(flags.length)];
}

function normalizeArg(argument: string): string[] {
  const match = /^--?([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(argument);
  if (match === null) return [argument];
  const [, name = '', value] = match;
  if (name.length === 1) return value === undefined ? [`-${name}`] : [`-${name}`, value];
  if (!longFlags.has(name)) return [argument];
  return [value === undefined ? `--${name}` : `--${name}=${value}`];
}
