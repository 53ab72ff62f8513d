/** What one unit of `18.52M` is to the next smaller one: 1000 with `-h`, 1024 with `-hh`. */
export type UnitBase = 1000 | 1024;

const units = 'KMGTP';

/**
 * A number as rsync prints it: `7`, `1,234,567`, `18.52M`. Undefined for anything else.
 *
 * With a unit only three to five digits are there: the result is right to within half a percent.
 * Source: `do_big_num` in lib/compat.c of rsync, which takes both separators from the locale.
 */
export function parseRsyncNumber(text: string, base: UnitBase): number | undefined {
  const [, digits = '', unit = ''] = /^(\d[\d.,]*)([KMGTP]?)$/.exec(text) ?? [];
  if (digits === '') return undefined;
  if (unit === '') return whole(Number(digits.replace(/[.,]/g, '')));
  return whole(Number(digits.replace(',', '.')) * base ** (units.indexOf(unit) + 1));
}

function whole(value: number): number | undefined {
  const rounded = Math.round(value);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}

/** Short options that take an argument, in the same word or the next one. Source: rsync(1), "OPTION SUMMARY". */
const withArgument = /[efBTM@]/;

/** Which units a command line of rsync asks for: each `-h` raises the level from 1, `--no-h` makes it 0. */
export function unitBase(argv: readonly string[]): UnitBase {
  let level = 1;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--human-readable') level++;
    else if (word === '--no-h' || word === '--no-human-readable') level = 0;
    else if (/^-[^-]/.test(word)) {
      const argument = word.search(withArgument);
      const letters = argument < 0 ? word : word.slice(0, argument);
      level += letters.split('h').length - 1;
      if (argument === word.length - 1) i++;
    }
  }
  return level > 2 ? 1024 : 1000;
}
