/** Rows outside the visible part that are in the page. */
const overscan = 12;
/** Rows by which the rendered part moves, so that it is not rendered for each row. */
const step = 8;

/** First rendered row, and the one after the last. */
export type RowSpan = readonly [first: number, end: number];

/**
 * The rows of a list to render. All numbers but `count` are pixels.
 *
 * @param listTop - from the upper edge of the visible part to the list; negative: above it
 */
export function seenRows(listTop: number, viewHeight: number, rowHeight: number, count: number): RowSpan {
  const first = Math.floor(-listTop / rowHeight) - overscan;
  const end = Math.ceil((viewHeight - listTop) / rowHeight) + overscan;
  const clamp = (row: number): number => Math.max(0, Math.min(count, row));
  return [clamp(Math.floor(first / step) * step), clamp(Math.ceil(end / step) * step)];
}
