import { createAnsiSequenceParser, type Color, type ParseToken } from 'ansi-sequence-parser';
import { cleanText } from './clean-text.js';

/** A colour: one with a name, for which the page has its own shades, or an RGB value. */
export type SpanColour = { readonly named: string } | { readonly rgb: string };

/** A part of a line with one appearance. */
export interface Span {
  readonly text: string;
  readonly foreground?: SpanColour | undefined;
  readonly background?: SpanColour | undefined;
  /** Such as `bold`. */
  readonly styles: readonly string[];
}

/**
 * Splits a line into parts with one appearance. Colours end with their line: a window over the middle of a log
 * does not know what was set before it.
 */
export function spansOf(text: string): Span[] {
  const clean = cleanText(text);
  if (clean === '') return [];
  if (!clean.includes('\u001b')) return [{ text: clean, styles: [] }];
  return createAnsiSequenceParser().parse(clean).map(spanOf);
}

/** A line as plain text. */
export function plainText(text: string): string {
  return spansOf(text)
    .map((span) => span.text)
    .join('');
}

function spanOf({ value, foreground, background, decorations }: ParseToken): Span {
  return {
    text: value,
    foreground: foreground ? colourOf(foreground) : undefined,
    background: background ? colourOf(background) : undefined,
    styles: [...decorations],
  };
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
/** Levels of the colour cube in the table of 256 colours. Source: xterm, 256colres.pl */
const levels = [0, 95, 135, 175, 215, 255];

function colourOf(colour: Color): SpanColour | undefined {
  switch (colour.type) {
    case 'named':
      return { named: colour.name };
    case 'rgb':
      return { rgb: mixture(colour.rgb) };
    case 'table':
      return tableColour(colour.index);
  }
}

function tableColour(index: number): SpanColour | undefined {
  if (!Number.isInteger(index) || index < 0 || index > 255) return undefined;
  if (index < 16) {
    const name = names[index % 8] ?? 'white';
    return { named: index < 8 ? name : `bright${name[0]?.toUpperCase() ?? ''}${name.slice(1)}` };
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { rgb: mixture([grey, grey, grey]) };
  }
  const cube = index - 16;
  const parts = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return { rgb: mixture(parts.map((part) => levels[part] ?? 0)) };
}

function mixture(parts: readonly number[]): string {
  return `rgb(${parts.map((part) => Math.min(255, Math.max(0, part))).join(' ')})`;
}
