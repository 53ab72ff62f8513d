import { readFile, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { RE2JS } from 're2js';
import { explained, RunLogError } from './run-log-error.js';
import { WindowScan } from './scan-windows.js';

/** What a pattern found in a log. */
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
  /** Logs of up to so many bytes are searched at once, larger ones in a thread. @defaultValue 131072 */
  inlineBytes?: number;
}

/** About 10 ms of searching (re2js does some 12 MB/s), less than a thread takes to start. */
const defaultInlineBytes = 128 * 1024;

/**
 * Searches a log for all matches of a pattern, whatever its size: a big one is neither loaded into memory nor
 * does it hold up the event loop.
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
    if (size > inlineBytes) return scanInThread(file, pattern, signal);
    const scan = new WindowScan(pattern);
    scan.feed(await readFile(file, 'utf8'), true);
    return { matches: scan.matches, lastGroup: scan.lastGroup };
  });
}

function aborted(file: string): RunLogError {
  return new RunLogError('RUN_LOG_SCAN_ABORTED', `the search of ${file} was given up`);
}

function scanInThread(file: string, pattern: RE2JS, signal: AbortSignal | undefined): Promise<ScanResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./scan-worker.js', import.meta.url), {
      workerData: { file, pattern: pattern.pattern(), flags: pattern.flags() },
    });
    let result: ScanResult | undefined;
    let failure: Error | undefined;
    const stop = (): void => {
      failure = aborted(file);
      void worker.terminate();
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', (message: ScanResult) => (result = message));
    worker.once('error', (error: Error) => (failure = error));
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (failure !== undefined) reject(failure);
      else if (result !== undefined) resolve(result);
      else reject(new RunLogError('RUN_LOG_READ_FAILED', `the search of ${file} ended with code ${code}`));
    });
  });
}
