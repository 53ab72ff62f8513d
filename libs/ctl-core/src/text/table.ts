import { painted, type Paint } from './paint.js';
import { printable } from './printable.js';
import { shortenTo, widthOf } from './width.js';

/** A column of a table. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** Side to which cells are aligned. @defaultValue left */
  align?: 'left' | 'right';
  /** Returns the colour of a cell, used where colours are enabled. */
  paint?: (row: Row) => Paint | undefined;
  /** The minimum width in columns to which it may be cut. @defaultValue it is never cut */
  shrinkTo?: number;
}

/** Options of {@link tableLines}. */
export interface TableOptions {
  /** Columns of the terminal. @defaultValue unlimited */
  width?: number | undefined;
  /** Whether to use colours. @defaultValue false */
  colors?: boolean | undefined;
  /** Writes only these rows. Columns are still as wide as all rows need. @defaultValue all */
  only?: { from: number; count: number } | undefined;
}

const gap = 2;

/**
 * Returns a table as lines, titles first. Cells are cut to fit a narrow terminal; no line is wider than the
 * terminal.
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width = Infinity, colors = false, only = { from: 0, count: Infinity } }: TableOptions = {},
): string[] {
  const cells = rows.map((row) => columns.map(({ value }) => printable(value(row))));
  const widths = columns.map(({ title }, column) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), title.length),
  );
  shrink(widths, columns, width);
  const line = (texts: readonly string[], paintOf: (column: Column<Row>) => Paint | undefined): string => {
    const parts: string[] = [];
    let left = width;
    for (const [index, column] of columns.entries()) {
      const room = Math.min(widths[index] ?? 0, left);
      if (room <= 0) break;
      const text = shortenTo(texts[index] ?? '', room);
      const padding = ' '.repeat(Math.max(0, room - widthOf(text)));
      const paint = colors ? paintOf(column) : undefined;
      const shown = paint === undefined ? text : painted(text, paint);
      const last = index === columns.length - 1;
      parts.push(column.align === 'right' ? padding + shown : last ? shown : shown + padding);
      left -= room + gap;
    }
    return parts.join(' '.repeat(gap)).trimEnd();
  };
  const titles = columns.map(({ title }) => title);
  return [
    line(titles, () => 'bold'),
    ...cells.slice(only.from, only.from + only.count).map((texts, index) => {
      const row = rows[only.from + index];
      return line(texts, ({ paint }) => (row === undefined ? undefined : paint?.(row)));
    }),
  ];
}

/** Narrows the widest column that may be cut, until the line fits or no column can be narrowed. */
function shrink<Row>(widths: number[], columns: readonly Column<Row>[], width: number): void {
  let excess = widths.reduce((sum, one) => sum + one, 0) + gap * (columns.length - 1) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [index, { shrinkTo = Infinity }] of columns.entries()) {
      const own = widths[index] ?? 0;
      if (own > shrinkTo && own > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
}
