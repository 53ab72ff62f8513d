/** One element of a parsed glob. */
type Element = { kind: 'star' } | { kind: 'one'; matches: (char: string) => boolean };

/**
 * Whether a whole name matches a glob: `*` stands for any number of characters, `?` for one, `[a-z]` for one of a
 * set, `[^a-z]` or `[!a-z]` for one outside of it, and `\` makes the next character literal. A `[` that is never closed
 * is literal. Takes at most the product of both lengths.
 *
 * Source: `path.Match` of Go, but for `/`, which is a character like any other here, and for `[!…]`.
 */
export function matchGlob(glob: string, name: string): boolean {
  const pattern = parse(Array.from(glob));
  const text = Array.from(name);
  let at = 0;
  let index = 0;
  let star: { at: number; index: number } | undefined;
  while (index < text.length) {
    const element = pattern[at];
    if (element?.kind === 'star') {
      star = { at, index };
      at += 1;
    } else if (element?.matches(text[index] ?? '') === true) {
      at += 1;
      index += 1;
    } else if (star === undefined) {
      return false;
    } else {
      // the last star takes one character more
      star.index += 1;
      at = star.at + 1;
      index = star.index;
    }
  }
  return pattern.slice(at).every(({ kind }) => kind === 'star');
}

/** Whether a text has a character that a glob gives a meaning. */
export function isGlob(text: string): boolean {
  return /[*?[\\]/.test(text);
}

function parse(chars: readonly string[]): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    const set = char === '[' ? parseSet(chars, at) : undefined;
    if (set !== undefined) {
      elements.push({ kind: 'one', matches: set.matches });
      at = set.end;
    } else if (char === '*') elements.push({ kind: 'star' });
    else if (char === '?') elements.push({ kind: 'one', matches: () => true });
    else elements.push(literal(char === '\\' && at + 1 < chars.length ? (chars[++at] ?? '') : char));
  }
  return elements;
}

function literal(char: string): Element {
  return { kind: 'one', matches: (other) => other === char };
}

/** Reads the set whose `[` is at `start`; undefined when it is never closed. */
function parseSet(
  chars: readonly string[],
  start: number,
): { matches: (char: string) => boolean; end: number } | undefined {
  let at = start + 1;
  const negated = chars[at] === '^' || chars[at] === '!';
  if (negated) at += 1;
  const ranges: [from: number, to: number][] = [];
  const next = (): number => {
    if (chars[at] === '\\') at += 1;
    return chars[at++]?.codePointAt(0) ?? 0;
  };
  while (at < chars.length) {
    if (chars[at] === ']' && ranges.length > 0) {
      const matches = (char: string): boolean => {
        const code = char.codePointAt(0) ?? 0;
        return ranges.some(([from, to]) => from <= code && code <= to) !== negated;
      };
      return { matches, end: at };
    }
    const from = next();
    if (chars[at] === '-' && chars[at + 1] !== ']' && at + 1 < chars.length) {
      at += 1;
      ranges.push([from, next()]);
    } else ranges.push([from, from]);
  }
  return undefined;
}
