/** Something that is shown as one line of a log: a line, a piece of a very long one, or a part that was cut out. */
export interface LogRow {
  readonly kind: 'line' | 'hole';
  /** Offset of the first byte in the log. */
  readonly start: number;
  /** Offset behind the last byte, line end included. */
  readonly end: number;
  /** What a terminal would show at last, control sequences included; empty for a hole. */
  readonly text: string;
  /** So many bytes at its end are not in `text`. */
  readonly cut: number;
  /** Whether it ends with a line end. */
  readonly closed: boolean;
  /** Whether it is in the middle of a line. */
  readonly continues: boolean;
  /** Whether a carriage return in it lets it write over what is in front of it. */
  readonly overwrites: boolean;
  /** Whether it ends with a carriage return: what follows writes over it. */
  readonly returned: boolean;
}

/** What {@link splitRows} found. */
export interface SplitRows {
  readonly rows: readonly LogRow[];
  /** Offset behind the last row: a line that is not complete begins there. */
  readonly end: number;
}

/** A longer line is taken apart, in bytes. The worker does so as well, when it searches and streams. */
export const longestPiece = 64 * 1024;
/** So many NULs in a row are no output of a program: that part was given back to the disk. As the worker has it. */
export const shortestHole = 512;

/** The most of a row that is kept for showing, in bytes. */
const longestText = 4096;

const newline = 0x0a;
const carriageReturn = 0x0d;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Takes bytes of a log apart into rows. Each is decoded on its own, so that offsets stay those of bytes whatever the
 * bytes are, and no character is cut at a border of what was read.
 *
 * @param start - offset of the first byte
 * @param options - `isEnd`: what is left of a line is a row; `inLine`: the first byte is in the middle of a line
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

/** A line of a log or a piece of one, from the worker's stream: of it comes what is shown at last. */
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

/** Rows that follow each other in the log, as one list; neither of them is changed. */
export function joinRows(rows: readonly LogRow[], next: readonly LogRow[]): LogRow[] {
  const joined = rows.slice();
  const [first, ...rest] = next;
  if (first === undefined) return joined;
  pushRow(joined, first);
  return joined.concat(rest);
}

/** Parts of one hole are one row, and so are the pieces of a line of which the later writes over the earlier. */
function pushRow(rows: LogRow[], row: LogRow): void {
  const last = rows.at(-1);
  const isMore = last !== undefined && !last.closed && last.kind === row.kind && last.end === row.start;
  if (isMore && row.kind === 'hole') rows[rows.length - 1] = holeRow(last.start, row.end);
  else if (isMore && row.continues && (row.overwrites || (last.returned && row.text !== ''))) {
    const { start, continues } = last;
    rows[rows.length - 1] = { ...row, start, continues, overwrites: continues };
  } else rows.push(row);
}

/** What a terminal shows at last of a line, as the worker has it for its stream: what is behind the last carriage return. */
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
