import { findHoleStart, readSpan, rowsOfSpan, type LogSpan, type ReadPart } from './read-span.js';
import { holeRow, joinRows, type LogRow } from './rows.js';

/** Rows read from a log. */
export interface LoadedRows {
  readonly rows: readonly LogRow[];
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last row. */
  readonly end: number;
  /** The end of the log, if it is an incomplete line. */
  readonly rest: LogRow | undefined;
  /** Size of the whole log, bytes. */
  readonly size: number;
}

/** Bytes per read. Reads grow if they yield few rows, as with lines that overwrite themselves. */
const chunk = 256 * 1024;
const longestChunk = 4 * 1024 * 1024;
const fewRows = 50;
/** Size up to which a log is read as a whole, so that line numbers are known. */
const smallLog = 2 * 1024 * 1024;
/** Bytes that are searched for the start of a line. */
const longestLookBack = 1024 * 1024;

/** Reads forward. @param inLine - whether `from` is in the middle of a line */
export async function loadForward(read: ReadPart, from: number, inLine: boolean): Promise<LoadedRows> {
  let rows: LogRow[] = [];
  let end = from;
  for (let length = chunk; ; length = Math.min(2 * length, longestChunk)) {
    const span = await readSpan(read, end, end + length);
    const last = rows.at(-1);
    const loaded = rowsOfSpan(span, end, 0, last === undefined ? inLine : !last.closed);
    rows = joinRows(rows, loaded.rows);
    ({ end } = loaded);
    const isAtEnd = span.end >= span.size;
    if (isAtEnd || rows.length >= fewRows || length === longestChunk) {
      return { rows, start: from, end, rest: isAtEnd ? loaded.rest : undefined, size: span.size };
    }
  }
}

/** Reads the part before an offset. */
export async function loadBackward(read: ReadPart, to: number): Promise<LoadedRows> {
  for (let length = chunk; ; length *= 2) {
    const from = Math.max(0, to - length);
    const span = upTo(await readSpan(read, from, to), to);
    const first = firstStart(span, from, to);
    if (first === undefined && length < longestLookBack) continue;
    const loaded = rowsOfSpan(span, from, first ?? 0, first === undefined);
    const rows = await fromHoleStart(
      read,
      loaded.rest === undefined ? loaded.rows : joinRows(loaded.rows, [loaded.rest]),
    );
    return {
      rows,
      start: rows[0]?.start ?? to,
      end: rows.at(-1)?.end ?? from,
      rest: undefined,
      size: span.size,
    };
  }
}

/** Reads the part around an offset. @param size - approximate size of the log: a small one is read as a whole */
export async function loadAround(read: ReadPart, at: number, size: number): Promise<LoadedRows> {
  const half = size <= smallLog ? smallLog : chunk / 2;
  const from = Math.max(0, at - half);
  // a line whose start is not found is shown in pieces, and one of them contains the offset
  const span = await readSpan(read, from, at + half);
  if (span.pieces.length === 0 && span.size < from) return loadAround(read, span.size, span.size);
  const first = firstStart(span, from, at);
  const { rows: found, end, rest } = rowsOfSpan(span, from, first ?? 0, first === undefined);
  const rows = await fromHoleStart(read, found);
  return {
    rows,
    start: rows[0]?.start ?? from + (first ?? 0),
    end,
    rest: span.end >= span.size ? rest : undefined,
    size: span.size,
  };
}

/** Reads the end. @param size - approximate size of the log; it may be another log by now */
export async function loadEnd(read: ReadPart, size: number): Promise<LoadedRows> {
  const loaded = await loadAround(read, size, size);
  const end = loaded.rest?.end ?? loaded.end;
  return end === loaded.size ? loaded : loadAround(read, loaded.size, loaded.size);
}

/**
 * Where the first row starts: after the first line end, or at the start of the log or after a hole; at most at
 * `latest`.
 */
function firstStart({ pieces: [first] }: LogSpan, from: number, latest: number): number | undefined {
  if (from === 0 || first === undefined || 'hole' in first) return 0;
  const begin = first.bytes.indexOf(0x0a) + 1;
  return begin === 0 || from + begin > latest || begin === first.bytes.length ? undefined : begin;
}

/** A hole at the end may extend beyond the requested range. */
function upTo(span: LogSpan, to: number): LogSpan {
  const last = span.pieces.at(-1);
  if (last === undefined || !('hole' in last)) return span;
  return { ...span, pieces: [...span.pieces.slice(0, -1), { hole: [last.hole[0], to] }] };
}

/** Only a part of a hole at the front may be known. */
async function fromHoleStart(read: ReadPart, rows: readonly LogRow[]): Promise<readonly LogRow[]> {
  const [hole, ...rest] = rows;
  if (hole?.kind !== 'hole') return rows;
  return [holeRow(await findHoleStart(read, hole.start), hole.end), ...rest];
}
