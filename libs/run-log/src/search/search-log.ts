import { explained, RunLogError } from '../base/run-log-error.js';
import { findHole } from '../read/find-hole.js';
import { openLog, type OpenLog } from '../read/open-log.js';
import { scanInThread, type ScanTask } from './scan-thread.js';
import type { LogSearch, SearchPattern } from './search-result.js';

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

/** Time for a single piece of a line after the budget is spent, in milliseconds. */
const graceMs = 2000;

/**
 * Finds lines with a match, in a thread of its own and in bounded memory and time, whatever the log's size. When
 * `end` of the result is less than its `size`, there may be more: search again from there.
 *
 * @param log - its path, or the open log, which the caller keeps open and closes
 * @throws `RUN_LOG_PATTERN_INVALID`; `RUN_LOG_PATTERN_SLOW` for an expression that takes seconds for 64 KiB;
 * `RUN_LOG_READ_FAILED`, `RUN_LOG_SCAN_ABORTED`
 */
export async function searchLog(
  log: string | OpenLog,
  pattern: SearchPattern,
  options: SearchLogOptions = {},
): Promise<LogSearch> {
  if (typeof log !== 'string') return search('the log', log, pattern, options);
  return explained('RUN_LOG_READ_FAILED', `cannot search ${log}`, async () => {
    const opened = await openLog(log);
    if (opened === undefined) throw new RunLogError('RUN_LOG_READ_FAILED', `there is no log ${log}`);
    try {
      return await search(log, opened, pattern, options);
    } finally {
      await opened.handle.close();
    }
  });
}

async function search(
  file: string,
  log: OpenLog,
  pattern: SearchPattern,
  { start = 0, limit = 100, budgetMs = 5000, signal }: SearchLogOptions,
): Promise<LogSearch> {
  const { handle, size } = log;
  const hole = await findHole(handle, log);
  const task: NonNullable<ScanTask['search']> = {
    ...{ pattern, descriptor: handle.fd, size, start, limit, budgetMs },
    ...(hole !== undefined && { hole }),
  };
  const late = AbortSignal.timeout(budgetMs + graceMs);
  const ending = signal === undefined ? late : AbortSignal.any([signal, late]);
  const found = await scanInThread<LogSearch | { problem: string }>(
    { file, patterns: [], search: task },
    ending,
  ).catch((error: unknown) => {
    if (late.aborted && signal?.aborted !== true) throw tooSlow();
    throw error;
  });
  if ('problem' in found) throw new RunLogError('RUN_LOG_PATTERN_INVALID', found.problem);
  return found;
}

function tooSlow(): RunLogError {
  return new RunLogError('RUN_LOG_PATTERN_SLOW', 'this expression takes too long; expected a simpler one');
}
