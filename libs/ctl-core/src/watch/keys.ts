/** Number of rows that each key moves by. The names are the inputs of terminals. */
const moves: Readonly<Record<string, (page: number, count: number) => number>> = {
  '\u001b[A': () => -1,
  '\u001bOA': () => -1,
  k: () => -1,
  '\u001b[B': () => 1,
  '\u001bOB': () => 1,
  j: () => 1,
  '\u001b[5~': (page) => -page,
  b: (page) => -page,
  '\u001b[6~': (page) => page,
  ' ': (page) => page,
  '\u001b[H': (_, count) => -count,
  '\u001b[1~': (_, count) => -count,
  g: (_, count) => -count,
  '\u001b[F': (_, count) => count,
  '\u001b[4~': (_, count) => count,
  G: (_, count) => count,
};

/** One key in the input of a terminal: a control sequence or a character. A slow terminal sends several at once. */
// eslint-disable-next-line no-control-regex -- it is what it is about
const oneKey = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[ -~]|[^]/gu;

/** Splits an input into keys. */
export function keysOf(typed: string): string[] {
  return typed.match(oneKey) ?? [];
}

/** Returns the first visible row after a key: arrows, Page keys, Home and End, or the keys of `less`. */
export function movedBy(key: string, offset: number, page: number, count: number): number {
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  const moved = offset + (move?.(page, count) ?? 0);
  return Math.max(0, Math.min(moved, count - page));
}
