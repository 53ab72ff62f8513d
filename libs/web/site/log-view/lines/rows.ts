/** One displayed line of a log: a line, a piece of a very long one, or a part that was cut out. */
export interface LogRow {
  readonly kind: 'line' | 'hole';
  /** Offset of the first byte in the log. */
  readonly start: number;
  /** Offset after the last byte, line end included. */
  readonly end: number;
  /** The final text on a terminal, control sequences included; empty for a hole. */
  readonly text: string;
  /** Number of bytes at its end that are not in `text`. */
  readonly cut: number;
  /** Whether it ends with a line end. */
  readonly closed: boolean;
  /** Whether it starts in the middle of a line. */
  readonly continues: boolean;
  /** Whether it contains a carriage return that overwrites the text before it. */
  readonly overwrites: boolean;
  /** Whether it ends with a carriage return: the text after it overwrites it. */
  readonly returned: boolean;
}

/** Result of {@link splitRows}. */
export interface SplitRows {
  readonly rows: readonly LogRow[];
  /** Offset after the last row, where an incomplete line starts. */
  readonly end: number;
}

/** Longer lines are split, bytes. The worker does the same in searches and streams. */
export const longestPiece = 64 * 1024;
/**
 * Number of consecutive NULs that mark a hole, a part that was released to the file system. The worker uses the
 * same number.
 */
export const shortestHole = 512;

/** Most bytes of a row that are kept for display. */
const longestText = 4096;

const newline = 0x0a;
const carriageReturn = 0x0d;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Splits bytes of a log into rows. Each row is decoded on its own, so that offsets remain those of bytes, whatever
 * the bytes are, and no character is cut at the border of a read.
 *
 * @param start - offset of the first byte
 * @param options - `isEnd`: an incomplete line is a row; `inLine`: the first byte is in the middle of a line
 */
export function splitRows(
  bytes: Uint8Array,
  start: number,
  { isEnd = false, inLine = false }: { isEnd?: boolean; inLine?: boolean } = {},
): SplitRows {
  const rows: LogRow[] = [];
  let continues = inLine;
  let at = 0;
  const add = (to: number, closed: boolean): void => {
    const shown = shownPart(bytes.subarray(at, closed ? to - 1 : to));
    pushRow(rows, { kind: 'line', start: start + at, end: start + to, closed, continues, ...shown });
    continues = !closed;
    at = to;
  };
  let lineEnd = bytes.indexOf(newline);
  let hole = findHole(bytes, 0);
  while (at < bytes.length) {
    if (lineEnd !== -1 && lineEnd < at) lineEnd = bytes.indexOf(newline, at);
    if (hole === at) {
      at += countNulls(bytes, at);
      pushRow(rows, holeRow(start + hole, start + at));
      continues = true;
      hole = findHole(bytes, at);
      continue;
    }
    const closed = lineEnd !== -1 && lineEnd - at <= longestPiece;
    const limit = closed ? lineEnd + 1 : Math.min(bytes.length, at + longestPiece);
    if (hole !== -1 && hole < limit) add(hole, false);
    else if (closed || limit < bytes.length || isEnd) add(limit, closed);
    else break;
  }
  return { rows, end: start + at };
}

/** A line of a log or a piece of one, from the worker's stream, which sends the final text. */
export function lineRow(
  start: number,
  end: number,
  text: string,
  closed: boolean,
  continues = false,
): LogRow {
  const cut = Math.max(0, text.length - longestText);
  const flags = { closed, continues, overwrites: false, returned: false };
  return { kind: 'line', start, end, text: text.slice(0, longestText), cut, ...flags };
}

/** A part of a log that was cut out. */
export function holeRow(start: number, end: number): LogRow {
  const flags = { closed: false, continues: true, overwrites: false, returned: false };
  return { kind: 'hole', start, end, text: '', cut: 0, ...flags };
}

/** Joins consecutive rows into a new list. */
export function joinRows(rows: readonly LogRow[], next: readonly LogRow[]): LogRow[] {
  const joined = rows.slice();
  const [first, ...rest] = next;
  if (first === undefined) return joined;
  pushRow(joined, first);
  return joined.concat(rest);
}

/** Parts of one hole become one row, and so do pieces of a line if the later one overwrites the earlier. */
function pushRow(rows: LogRow[], row: LogRow): void {
  const last = rows.at(-1);
  const isMore = last !== undefined && !last.closed && last.kind === row.kind && last.end === row.start;
  if (isMore && row.kind === 'hole') rows[rows.length - 1] = holeRow(last.start, row.end);
  else if (isMore && row.continues && (row.overwrites || (last.returned && row.text !== ''))) {
    const { start, continues } = last;
    rows[rows.length - 1] = { ...row, start, continues, overwrites: continues };
  } else rows.push(row);
}

/** The final text of a line on a terminal, as in the worker's stream: the part after the last carriage return. */
function shownPart(line: Uint8Array): Pick<LogRow, 'text' | 'cut' | 'overwrites' | 'returned'> {
  const bytes = line.includes(0) ? line.filter((byte) => byte !== 0) : line;
  let to = bytes.length;
  while (to > 0 && bytes[to - 1] === carriageReturn) to -= 1;
  const from = to === 0 ? 0 : bytes.lastIndexOf(carriageReturn, to - 1) + 1;
  let end = Math.min(to, from + longestText);
  if (end < to) while (end > from && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const text = decoder.decode(bytes.subarray(from, end));
  return { text, cut: to - end, overwrites: from > 0, returned: to < bytes.length };
}

function countNulls(bytes: Uint8Array, from: number): number {
  let to = from;
  while (bytes[to] === 0) to += 1;
  return to - from;
}

function findHole(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0, from); at !== -1;) {
    const nulls = countNulls(bytes, at);
    if (nulls >= shortestHole) return at;
    at = bytes.indexOf(0, at + nulls);
  }
  return -1;
}
