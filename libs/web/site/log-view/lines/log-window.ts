import { joinRows, type LogRow } from './rows.js';

/**
 * The part of a log that is in memory: consecutive rows without a gap. A log is a range of bytes; the window moves
 * over it.
 */
export interface LogWindow {
  readonly rows: readonly LogRow[];
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
  /**
   * Line number of the first row, from 1. Undefined if unknown: counting the lines before it would mean reading
   * the whole log.
   */
  readonly firstLine: number | undefined;
}

/** Limits of a window: enough for some screens around the visible part, small enough for a phone. */
export const windowLimits = { rows: 10_000, weight: 6_000_000 };
/** Limits of a window. */
export type WindowLimits = typeof windowLimits;

/** Weight of a row in addition to its text, UTF-16 units. */
const rowWeight = 100;

/** A window without rows. @param at - its offset */
export function emptyWindow(at = 0): LogWindow {
  return { rows: [], start: at, end: at, firstLine: at === 0 ? 1 : undefined };
}

/** A window of rows that were read. @param start - its offset if there are no rows */
export function windowOf(rows: readonly LogRow[], start: number): LogWindow {
  return { ...spanOf(rows, start), firstLine: (rows[0]?.start ?? start) === 0 ? 1 : undefined };
}

/**
 * Adds rows after the last one. Rows that are present already are not duplicated, and rows after a gap are
 * ignored.
 */
export function append(window: LogWindow, rows: readonly LogRow[]): LogWindow {
  const news = rows.slice(endingBy(rows, window.end));
  const [first] = news;
  if (first === undefined) return window;
  // a long line may have been split elsewhere: new rows replace those that they overlap
  const kept = window.rows.slice(0, endingBy(window.rows, first.start));
  if ((kept.at(-1)?.end ?? window.start) !== first.start) return window;
  return { ...window, ...spanOf(joinRows(kept, news), window.start) };
}

/** Adds rows before the first one. Rows before a gap are ignored. */
export function prepend(window: LogWindow, rows: readonly LogRow[]): LogWindow {
  const [first] = rows;
  if (first === undefined || rows.at(-1)?.end !== window.start) return window;
  const joined = joinRows(rows, window.rows);
  const number = rows.every(({ kind }) => kind === 'line') ? window.firstLine : undefined;
  const firstLine = first.start === 0 ? 1 : number && number - linesIn(rows, rows.length);
  return { ...spanOf(joined, first.start), firstLine };
}

/** Drops rows on one side until the window is within its limits. */
export function trim(
  window: LogWindow,
  side: 'front' | 'back',
  limits: WindowLimits = windowLimits,
): LogWindow {
  const { rows } = window;
  let kept = 0;
  let weight = 0;
  while (kept < rows.length && kept < limits.rows) {
    const row = rows[side === 'front' ? rows.length - 1 - kept : kept];
    weight += (row?.text.length ?? 0) + rowWeight;
    if (weight > limits.weight && kept > 0) break;
    kept += 1;
  }
  const dropped = rows.length - kept;
  if (dropped === 0) return window;
  if (side === 'back') return { ...window, ...spanOf(rows.slice(0, kept), window.start) };
  const hadHole = rows.slice(0, dropped).some(({ kind }) => kind === 'hole');
  const firstLine =
    window.firstLine === undefined || hadHole ? undefined : window.firstLine + linesIn(rows, dropped);
  return { ...spanOf(rows.slice(dropped), window.end), firstLine };
}

/** Index of the row that contains a byte; -1 if it is outside the window. */
export function rowAt({ rows, start, end }: LogWindow, offset: number): number {
  if (offset < start || offset >= end) return -1;
  return endingBy(rows, offset);
}

/** Line numbers of the rows; undefined for the continuation of a line, and if unknown. */
export function lineNumbers({ rows, firstLine }: LogWindow): (number | undefined)[] {
  let line = firstLine;
  return rows.map(({ kind, closed, continues }) => {
    if (kind === 'hole') line = undefined;
    const number = continues ? undefined : line;
    if (closed && line !== undefined) line += 1;
    return number;
  });
}

function linesIn(rows: readonly LogRow[], count: number): number {
  let lines = 0;
  for (let index = 0; index < count; index++) if (rows[index]?.closed === true) lines += 1;
  return lines;
}

function spanOf(rows: readonly LogRow[], otherwise: number): Pick<LogWindow, 'rows' | 'start' | 'end'> {
  return { rows, start: rows[0]?.start ?? otherwise, end: rows.at(-1)?.end ?? otherwise };
}

/** Number of rows that end at or before an offset. */
function endingBy(rows: readonly LogRow[], offset: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
