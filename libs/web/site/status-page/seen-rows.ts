/** Rows beyond what is seen, so that there is something to scroll to. */
const overscan = 12;
/** Rows by which the part in the page moves: it is not drawn anew for each. */
const step = 8;

/** The first row that is in the page, and the one after the last. */
export type RowSpan = readonly [first: number, end: number];

/**
 * Which rows of a list are to be in the page. All numbers but `count` are pixels.
 *
 * @param listTop - from the upper edge of what is seen to the list; negative: above it
 */
export function seenRows(listTop: number, viewHeight: number, rowHeight: number, count: number): RowSpan {
  const first = Math.floor(-listTop / rowHeight) - overscan;
  const end = Math.ceil((viewHeight - listTop) / rowHeight) + overscan;
  const clamp = (row: number): number => Math.max(0, Math.min(count, row));
  return [clamp(Math.floor(first / step) * step), clamp(Math.ceil(end / step) * step)];
}
