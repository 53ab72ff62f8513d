import { holeRow, joinRows, splitRows, type LogRow } from './rows.js';

/** Bytes of a log. */
export interface LogPart {
  readonly bytes: Uint8Array;
  /** Offset of the first byte: greater than requested if that part was cut out of the log. */
  readonly start: number;
  /** Size of the whole log, bytes. */
  readonly size: number;
}

/**
 * Reads bytes of a log between two offsets, or as far as it goes. If a part was cut out (`log_max_size`), the
 * answer ends before it, or starts after it if the range begins in it.
 */
export type ReadPart = (from: number, to: number) => Promise<LogPart>;

/** The content between two offsets of a log, in order. */
export interface LogSpan {
  readonly pieces: readonly (LogPart | { readonly hole: readonly [from: number, to: number] })[];
  /** Offset after the last piece, which may be a hole that extends beyond the requested range. */
  readonly end: number;
  /** Size of the whole log, bytes. */
  readonly size: number;
}

/** Reads the content between two offsets, with the parts that were cut out. */
export async function readSpan(read: ReadPart, from: number, to: number): Promise<LogSpan> {
  const pieces: LogSpan['pieces'][number][] = [];
  let end = from;
  for (;;) {
    const part = await read(end, to);
    if (part.start > end) pieces.push({ hole: [end, part.start] });
    if (part.bytes.length > 0) pieces.push(part);
    const next = part.start + part.bytes.length;
    if (next === end || next >= Math.min(to, part.size)) return { pieces, end: next, size: part.size };
    end = next;
  }
}

/** Rows of a span. */
export interface SpanRows {
  readonly rows: readonly LogRow[];
  /** Offset after the last row. */
  readonly end: number;
  /** The incomplete line after it. */
  readonly rest: LogRow | undefined;
}

/**
 * Splits a span into rows.
 *
 * @param skipped - bytes of its first piece that are ignored
 * @param inLine - whether the bytes after them are in the middle of a line
 */
export function rowsOfSpan({ pieces }: LogSpan, from: number, skipped: number, inLine: boolean): SpanRows {
  let rows: LogRow[] = [];
  let end = from + skipped;
  let rest: LogRow | undefined;
  let isInLine = inLine;
  for (const [index, piece] of pieces.entries()) {
    if ('hole' in piece) {
      rows = joinRows(rows, [holeRow(...piece.hole)]);
      [, end] = piece.hole;
      isInLine = true;
      continue;
    }
    // a line ends where a part was cut out
    const isEnd = index < pieces.length - 1;
    const bytes = piece.bytes.subarray(end - piece.start);
    const split = splitRows(bytes, end, { inLine: isInLine, isEnd });
    const last = split.rows.at(-1);
    isInLine = last === undefined ? isInLine : !last.closed;
    rest = splitRows(bytes.subarray(split.end - end), split.end, { inLine: isInLine, isEnd: true }).rows.at(
      -1,
    );
    rows = joinRows(rows, split.rows);
    ({ end } = split);
  }
  return { rows, end, rest };
}

/** Start of a part that was cut out, found with some thirty reads of one byte. @param inside - an offset in it */
export async function findHoleStart(read: ReadPart, inside: number): Promise<number> {
  let [low, high] = [0, inside];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const { start } = await read(middle, middle + 1);
    if (start > middle) high = middle;
    else low = middle + 1;
  }
  return low;
}
