import { matchGlob } from '@tunasync/util';

/** Whether `text` is a pattern for names rather than a name. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** Returns a test for the names that match a glob of `@tunasync/util`, in which `{a,b}` stands for either word. */
export function matcherOf(glob: string): (name: string) => boolean {
  const globs = alternatives(glob);
  return (name) => globs.some((one) => matchGlob(one, name));
}

/** Expands `x{a,b{c,d}}` to `xa`, `xbc`, `xbd`. Braces without a comma and unclosed braces are literal. */
function alternatives(glob: string): string[] {
  for (let start = glob.indexOf('{'); start !== -1; start = glob.indexOf('{', start + 1)) {
    const group = groupAt(glob, start);
    if (group === undefined) continue;
    const rests = alternatives(glob.slice(group.end));
    return group.words
      .flatMap(alternatives)
      .flatMap((word) => rests.map((rest) => `${glob.slice(0, start)}${word}${rest}`));
  }
  return [glob];
}

function groupAt(glob: string, start: number): { words: string[]; end: number } | undefined {
  const words: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < glob.length; at++) {
    const char = glob[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if ((char === ',' && depth === 1) || depth === 0) {
      words.push(glob.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) return words.length > 1 ? { words, end: at + 1 } : undefined;
  }
  return undefined;
}
