import { findHoleEnd, findHoleStart } from './find-hole.js';
import { holeRow, joinRows, shortestHole, splitRows, type LogRow } from './rows.js';

/** Some bytes of a log. */
export interface LogPart {
  readonly bytes: Uint8Array;
  /** Offset of the first byte. */
  readonly start: number;
  /** Of the whole log, in bytes. */
  readonly size: number;
}

/** Reads bytes of a log: from an offset to the one behind the last byte, or as far as there are any. */
export type ReadPart = (from: number, to: number) => Promise<LogPart>;

/** Rows that were read. */
export interface LoadedRows {
  readonly rows: readonly LogRow[];
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last row. */
  readonly end: number;
  /** The end of the log, when it is a line that is not complete. */
  readonly rest: LogRow | undefined;
  /** Of the whole log, in bytes. */
  readonly size: number;
}

/** Bytes that are read at a time; more when they give few rows, as with lines that write over themselves. */
const chunk = 256 * 1024;
const longestChunk = 4 * 1024 * 1024;
const fewRows = 50;
/** Bytes of a log that is read at once, so that the numbers of its lines are known. */
const smallLog = 2 * 1024 * 1024;
/** Bytes in which the beginning of a line is looked for. */
const longestLookBack = 1024 * 1024;

/** Reads on. @param inLine - whether `from` is in the middle of a line */
export async function loadForward(read: ReadPart, from: number, inLine: boolean): Promise<LoadedRows> {
  let rows: LogRow[] = [];
  let end = from;
  for (let length = chunk; ; length = Math.min(2 * length, longestChunk)) {
    const part = await read(end, end + length);
    const open = rows.at(-1);
    const split = splitRows(part.bytes, end, { inLine: open === undefined ? inLine : !open.closed });
    rows = joinRows(rows, split.rows);
    const isAtEnd = end + part.bytes.length >= part.size;
    ({ end } = split);
    const last = rows.at(-1);
    if (last?.kind === 'hole' && last.end === end && !isAtEnd) {
      end = await findHoleEnd(read, end, part.size);
      rows[rows.length - 1] = holeRow(last.start, end);
    } else if (isAtEnd || rows.length >= fewRows || length === longestChunk) {
      const rest = isAtEnd ? restOf(part, end, last === undefined ? inLine : !last.closed) : undefined;
      return { rows, start: from, end, rest, size: part.size };
    }
  }
}

/** Reads what is in front of an offset. */
export async function loadBackward(read: ReadPart, to: number): Promise<LoadedRows> {
  for (let length = chunk; ; length *= 2) {
    const from = Math.max(0, to - length);
    const { bytes, size } = await read(from, to);
    const first = firstStart(bytes, from, bytes.length);
    if (first === undefined && length < longestLookBack) continue;
    const begin = first ?? 0;
    const split = splitRows(bytes.subarray(begin), from + begin, {
      isEnd: true,
      inLine: first === undefined,
    });
    const rows = await fromHoleStart(read, split.rows);
    return { rows, start: rows[0]?.start ?? to, end: split.end, rest: undefined, size };
  }
}

/** Reads what is around an offset. @param size - about how many bytes the log has: a small one is read as a whole */
export async function loadAround(read: ReadPart, at: number, size: number): Promise<LoadedRows> {
  const half = size <= smallLog ? smallLog : chunk / 2;
  const from = Math.max(0, at - half);
  // a line of which the beginning is not found is shown in pieces, one of them with the offset
  const part = await read(from, at + half);
  if (part.bytes.length === 0 && part.size < from) return loadAround(read, part.size, part.size);
  const first = firstStart(part.bytes, from, at - from);
  const begin = first ?? 0;
  const isAtEnd = from + part.bytes.length >= part.size;
  const split = splitRows(part.bytes.subarray(begin), from + begin, { inLine: first === undefined });
  let { end } = split;
  let rows = await fromHoleStart(read, split.rows);
  const last = rows.at(-1);
  if (last?.kind === 'hole' && last.end === end && !isAtEnd) {
    end = await findHoleEnd(read, end, part.size);
    rows = [...rows.slice(0, -1), holeRow(last.start, end)];
  }
  const rest = isAtEnd
    ? restOf(part, end, last === undefined ? first === undefined : !last.closed)
    : undefined;
  return { rows, start: rows[0]?.start ?? from + begin, end, rest, size: part.size };
}

/** Reads the end. @param size - about how many bytes the log has; it may be another log by now */
export async function loadEnd(read: ReadPart, size: number): Promise<LoadedRows> {
  const loaded = await loadAround(read, size, size);
  const end = loaded.rest?.end ?? loaded.end;
  return end === loaded.size ? loaded : loadAround(read, loaded.size, loaded.size);
}

/** Where the first row begins in bytes: behind the first line end, or where the log or a hole does; not behind `latest`. */
function firstStart(bytes: Uint8Array, from: number, latest: number): number | undefined {
  if (from === 0) return 0;
  if (bytes.length >= shortestHole && bytes.subarray(0, shortestHole).every((byte) => byte === 0)) return 0;
  const lineEnd = bytes.indexOf(0x0a);
  return lineEnd === -1 || lineEnd + 1 > latest || lineEnd + 1 === bytes.length ? undefined : lineEnd + 1;
}

/** Of a hole at the front only a part may have been read. */
async function fromHoleStart(read: ReadPart, rows: readonly LogRow[]): Promise<readonly LogRow[]> {
  const [hole, ...rest] = rows;
  if (hole?.kind !== 'hole') return rows;
  return [holeRow(await findHoleStart(read, hole.start), hole.end), ...rest];
}

function restOf({ bytes, start }: LogPart, end: number, inLine: boolean): LogRow | undefined {
  return splitRows(bytes.subarray(end - start), end, { isEnd: true, inLine }).rows.at(-1);
}
