import stringWidth from 'string-width';

const plain = /^[ -~]*$/;

/** Columns that `text` takes on a terminal: Chinese, Japanese and Korean characters take two. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

/** `text` in at most `width` columns, with `…` for what is left out. */
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
