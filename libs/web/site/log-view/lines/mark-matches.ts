import type { Span } from './ansi-spans.js';

/** A span, and whether it is (a part of) what was searched for. */
export interface MarkedSpan extends Span {
  readonly isMatch: boolean;
}

/** Where a text is in another, without overlaps: begin and end of each place. */
export function placesOf(text: string, needle: string, matchCase: boolean): [number, number][] {
  if (needle === '') return [];
  // of text without special meaning, so that no expression of a user runs in the page
  const expression = new RegExp(needle.replaceAll(/[$()*+./?[\\\]^{|}]/g, '\\$&'), matchCase ? 'gu' : 'giu');
  return [...text.matchAll(expression)].map((match) => [match.index, match.index + match[0].length]);
}

/** Divides spans at the borders of places. */
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
