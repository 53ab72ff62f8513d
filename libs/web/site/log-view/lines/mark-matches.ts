import type { Span } from './ansi-spans.js';

/** A span, and whether it is part of a match. */
export interface MarkedSpan extends Span {
  readonly isMatch: boolean;
}

/** Occurrences of a text in another, without overlaps: start and end of each. */
export function placesOf(text: string, needle: string, matchCase: boolean): [number, number][] {
  if (needle === '') return [];
  // escaped, so that no expression of a user runs in the page
  const expression = new RegExp(needle.replaceAll(/[$()*+./?[\\\]^{|}]/g, '\\$&'), matchCase ? 'gu' : 'giu');
  return [...text.matchAll(expression)].map((match) => [match.index, match.index + match[0].length]);
}

/** Splits spans at the borders of matches. */
export function markPlaces(
  spans: readonly Span[],
  places: readonly (readonly [number, number])[],
): MarkedSpan[] {
  const marked: MarkedSpan[] = [];
  let offset = 0;
  for (const span of spans) {
    const end = offset + span.text.length;
    let at = offset;
    const add = (to: number, isMatch: boolean): void => {
      if (to > at) marked.push({ ...span, text: span.text.slice(at - offset, to - offset), isMatch });
      at = Math.max(at, to);
    };
    for (const [from, to] of places) {
      if (to <= offset || from >= end) continue;
      add(Math.max(from, offset), false);
      add(Math.min(to, end), true);
    }
    add(end, false);
    offset = end;
  }
  return marked;
}
