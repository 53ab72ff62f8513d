import { parseRsyncNumber } from '../results/rsync-numbers.js';

/** A line by which rsync tells how far it is. */
export interface ProgressLine {
  /** Of the whole transfer (`--info=progress2`); absent in lines that may be about a single file. */
  bytes?: number;
  /** Bytes per second; as {@link bytes}. */
  rate?: number;
  /** Files transferred. */
  files: number;
  /** Files of the list that have been gone through. */
  checked: number;
  /** Length of the list; absent while rsync does not know all of it. */
  total?: number;
}

/**
 * Source: `rprint_progress` in progress.c of rsync 3.1 to 3.5; 3.0 has `xfer#` and `to-check`.
 * Each begins with a carriage return, which no file name can: rsync writes control characters in names as `\#ooo`.
 */
const lines =
  /\r *(\d[\d.,]*[KMGTP]?) +\d+% +(\d+[.,]\d\d)([kMG])B\/s +[\d?]+:[\d?]{2}:[\d?]{2}(?: +\(xfe?r#(\d+), (to|ir)-(?:chk|check)=(\d+)\/(\d+)\)) *(?=([\r\n]))/g;

const perSecond: Readonly<Record<string, number>> = { k: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** The last complete progress line in a part of a log that tells of files; undefined when it has none. */
export function lastProgressLine(text: string): ProgressLine | undefined {
  const [, bytes = '', rate = '', unit = '', files, state, left, total, end] =
    [...text.matchAll(lines)].at(-1) ?? [];
  if (files === undefined) return undefined;
  const line: ProgressLine = { files: Number(files), checked: Number(total) - Number(left) };
  if (state === 'to') line.total = Number(total);
  // only lines that are written over are about the whole; `--progress` ends a file's last one
  const known = end === '\r' ? parseRsyncNumber(bytes, 1000) : undefined;
  if (known !== undefined) {
    line.bytes = known;
    line.rate = Math.round(Number(rate.replace(',', '.')) * (perSecond[unit] ?? 1));
  }
  return line;
}
