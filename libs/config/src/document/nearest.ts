import { closest, distance } from 'fastest-levenshtein';

/**
 * The one of `known` that somebody may have meant by `word`, whatever the letter case.
 *
 * @returns undefined when none is near: further apart than a third of the word is no slip of the finger
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = new Map(known.map((name) => [name.toLowerCase(), name]));
  const best = closest(word.toLowerCase(), [...lower.keys()]);
  const limit = Math.max(1, Math.floor(best.length / 3));
  return distance(word.toLowerCase(), best) <= limit ? lower.get(best) : undefined;
}
