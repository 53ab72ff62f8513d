/** The facts in the name of a log file. */
export interface RunLogName {
  /** Start of the attempt as in the name, local time: `YYYY-MM-DD_hh_mm`. */
  time: string;
  /** Which attempt of that minute, from 1. */
  n: number;
  /** Whether the name is that of a failed attempt. */
  failed: boolean;
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Name of the log of an attempt: `<mirror>_<YYYY-MM-DD_hh_mm>.log`, `…_2.log` for a second one in that minute.
 * Source: the log limiter of tunasync v0.10, whose logs stay in the same folder.
 *
 * @param date - start of the attempt; the name has it in local time
 * @param n - which attempt of that minute, from 1
 */
export function runLogName(mirror: string, date: Date, n = 1): string {
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${day}_${two(date.getHours())}_${two(date.getMinutes())}`;
  return `${mirror}_${time}${n === 1 ? '' : `_${n}`}.log`;
}

const afterMirror = /^_(\d{4}-\d{2}-\d{2}_\d{2}_\d{2})(?:_([1-9]\d*))?\.log(\.fail)?$/;

/**
 * Reads the name of a log of `mirror`; undefined for any other file, logs of mirrors whose names begin with
 * this one's included.
 */
export function parseRunLogName(mirror: string, fileName: string): RunLogName | undefined {
  if (!fileName.startsWith(mirror)) return undefined;
  const [, time, n, fail] = afterMirror.exec(fileName.slice(mirror.length)) ?? [];
  if (time === undefined) return undefined;
  return { time, n: n === undefined ? 1 : Number(n), failed: fail !== undefined };
}

/** Suffix of the name of a failed attempt's log. */
const failedSuffix = '.fail';

/** The name that a log has when its attempt failed. */
export function failedName(path: string): string {
  return path.endsWith(failedSuffix) ? path : path + failedSuffix;
}
