import stringWidth from 'string-width';

const plain = /^[ -~]*$/;

/**
 * ASCII and characters that are always wide: kana, ideographs, Hangul syllables, full-width forms; no combining
 * ones. Source: Unicode, EastAsianWidth.txt.
 */
const wide =
  '\\u3001-\\u3003\\u3041-\\u3096\\u30a1-\\u30fa\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff5e';
const plainOrWide = new RegExp(`^[ -~${wide}]*$`);
const allWide = new RegExp(`[${wide}]`, 'g');

/** Returns the columns that `text` takes on a terminal: Chinese, Japanese and Korean characters take two. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  // a fast path: each frame of a screen measures ten thousand names
  if (plainOrWide.test(text)) return text.length + (text.match(allWide)?.length ?? 0);
  return stringWidth(text);
}

/** Cuts `text` to at most `width` columns and ends it with `…` if something is omitted. */
export function shortenTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let used = 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}
