import { holeRow, joinRows, splitRows, type LogRow } from './rows.js';

/** Some bytes of a log. */
export interface LogPart {
  readonly bytes: Uint8Array;
  /** Offset of the first byte: behind what was asked for where that was cut out of the log. */
  readonly start: number;
  /** Of the whole log, in bytes. */
  readonly size: number;
}

/**
 * Reads bytes of a log: from an offset to the one behind the last byte, or as far as there are any. Where a part was cut
 * out (`log_max_size`) it ends in front of it, or begins behind it when it would begin in it.
 */
export type ReadPart = (from: number, to: number) => Promise<LogPart>;

/** What there is between two offsets of a log, in its order. */
export interface LogSpan {
  readonly pieces: readonly (LogPart | { readonly hole: readonly [from: number, to: number] })[];
  /** Offset behind the last piece, which may be a hole that goes further than what was asked for. */
  readonly end: number;
  /** Of the whole log, in bytes. */
  readonly size: number;
}

/** Reads what there is between two offsets, with what was cut out of it. */
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
  /** Offset behind the last row. */
  readonly end: number;
  /** What is left of a line behind it. */
  readonly rest: LogRow | undefined;
}

/**
 * Takes a span apart into rows.
 *
 * @param skipped - bytes of its first piece that are left out
 * @param inLine - whether what follows them is in the middle of a line
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
    // a line ends where something was cut out
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

/** Where a cut-out part begins, found by looking at some thirty bytes. @param inside - an offset in it */
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
