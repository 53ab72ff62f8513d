import { readFile, stat } from 'node:fs/promises';
import type { RE2JS } from 're2js';
import { explained } from '../base/run-log-error.js';
import { HoleFilter } from '../read/hole-filter.js';
import { aborted, scanInThread, sent } from './scan-thread.js';
import { WindowScan } from './scan-windows.js';

/** The matches of a pattern in a log. */
export interface ScanResult {
  /** Number of matches, counted as Go's `FindAll` does. */
  matches: number;
  /** First group of the last match; undefined when there is no match or it has no such group. */
  lastGroup: string | undefined;
}

/** Options of {@link scanLog}. */
export interface ScanLogOptions {
  /** Ends the scan early; it rejects with `RUN_LOG_SCAN_ABORTED` then. */
  signal?: AbortSignal;
  /**
   * Logs of up to this many bytes are searched in this thread, larger ones in a thread of their own. @defaultValue
   * 131072
   */
  inlineBytes?: number;
}

/** About 10 ms of searching (re2js does some 12 MB/s), less than a thread takes to start. */
const defaultInlineBytes = 128 * 1024;

/**
 * Searches a log of any size for all matches of a pattern: a big log is neither loaded into memory nor blocks the
 * event loop. Holes (see `LogTrimmer`) are skipped.
 *
 * A match of more than 65,536 characters may be counted in parts in a log of more than a megabyte.
 *
 * @throws {@link RunLogError} `RUN_LOG_READ_FAILED`, `RUN_LOG_SCAN_ABORTED`
 */
export async function scanLog(
  file: string,
  pattern: RE2JS,
  { signal, inlineBytes = defaultInlineBytes }: ScanLogOptions = {},
): Promise<ScanResult> {
  return explained('RUN_LOG_READ_FAILED', `cannot search ${file}`, async () => {
    const { size } = await stat(file);
    if (signal?.aborted === true) throw aborted(file);
    if (size > inlineBytes) {
      return scanInThread<ScanResult>({ file, patterns: [sent(pattern)] }, signal);
    }
    const scan = new WindowScan(pattern);
    const filter = new HoleFilter();
    const bytes = filter.push(await readFile(file));
    scan.feed(Buffer.concat([bytes, filter.end()]).toString(), true);
    return { matches: scan.matches, lastGroup: scan.lastGroup };
  });
}
