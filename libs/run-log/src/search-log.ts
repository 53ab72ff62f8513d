import { messageOf } from '@tunasync/protocol';
import { RE2JS } from 're2js';
import { explained, RunLogError } from './run-log-error.js';
import { aborted, scanInThread, sent } from './scan-thread.js';

/** A line with a match. */
export interface LogHit {
  /** Offset of the line in bytes; of a line of more than 64 KiB, that of the piece of it that has the match. */
  offset: number;
  /** The line, or at most 500 characters of it around the match. */
  text: string;
  /** Where in `text` the first match begins and ends, in UTF-16 units. */
  match: [start: number, end: number];
}

/** What was found in a log. */
export interface LogSearch {
  hits: LogHit[];
  /** Offset as far as was searched: where to go on. */
  end: number;
  /** Bytes that the log had. */
  size: number;
}

/** Options of {@link searchLog}. */
export interface SearchLogOptions {
  /** Offset of the line to begin with, in bytes. @defaultValue 0 */
  start?: number | undefined;
  /** The most lines that are found. @defaultValue 100 */
  limit?: number | undefined;
  /** Milliseconds of searching, after which what was found so far is given. @defaultValue 5000 */
  budgetMs?: number | undefined;
  /** Gives the search up with `RUN_LOG_SCAN_ABORTED`. */
  signal?: AbortSignal | undefined;
}

/**
 * A pattern for {@link searchLog}.
 *
 * @param text - what to look for, or an RE2 expression
 * @throws `RUN_LOG_PATTERN_INVALID`
 */
export function searchPattern(text: string, options: { regex?: boolean; matchCase?: boolean } = {}): RE2JS {
  const flags = options.matchCase === true ? 0 : RE2JS.CASE_INSENSITIVE;
  try {
    return RE2JS.compile(options.regex === true ? text : RE2JS.quote(text), flags);
  } catch (error) {
    throw new RunLogError('RUN_LOG_PATTERN_INVALID', messageOf(error));
  }
}

/**
 * Looks for lines with a match, in a thread of its own and in bounded memory and time, whatever the log's size. When
 * `end` of the result is less than its `size`, there may be more: search again from there.
 *
 * @throws `RUN_LOG_READ_FAILED`, `RUN_LOG_SCAN_ABORTED`
 */
export async function searchLog(
  file: string,
  pattern: RE2JS,
  { start = 0, limit = 100, budgetMs = 5000, signal }: SearchLogOptions = {},
): Promise<LogSearch> {
  if (signal?.aborted === true) throw aborted(file);
  return explained('RUN_LOG_READ_FAILED', `cannot search ${file}`, () =>
    scanInThread<LogSearch>({ file, patterns: [sent(pattern)], search: { start, limit, budgetMs } }, signal),
  );
}
