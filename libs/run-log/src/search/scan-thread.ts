import { Worker } from 'node:worker_threads';
import type { RE2JS } from 're2js';
import { RunLogError } from '../base/run-log-error.js';
import type { LogHole } from '../read/find-hole.js';
import type { SearchPattern } from './search-result.js';

/** The input of the thread that searches a log. */
export interface ScanTask {
  file: string;
  patterns: { pattern: string; flags: number }[];
  /** Finds lines with a match in this part of the file; absent: counts the first pattern's matches in all of it. */
  lines?: { start: number; end: number; room: number };
  /** Finds lines with a match, and their offsets, in an open file. */
  search?: {
    pattern: SearchPattern;
    descriptor: number;
    size: number;
    start: number;
    limit: number;
    budgetMs: number;
    hole?: LogHole;
  };
}

/** A pattern as it goes to another thread. */
export function sent(pattern: RE2JS): ScanTask['patterns'][number] {
  return { pattern: pattern.pattern(), flags: pattern.flags() };
}

/** The error of a search that is not wanted any more. */
export function aborted(file: string): RunLogError {
  return new RunLogError('RUN_LOG_SCAN_ABORTED', `the search of ${file} was given up`);
}

/**
 * Searches a log in a thread of its own.
 *
 * @throws `RUN_LOG_SCAN_ABORTED`, and what the thread fails with
 */
export function scanInThread<T>(task: ScanTask, signal: AbortSignal | undefined): Promise<T> {
  const { file } = task;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./scan-worker.js', import.meta.url), { workerData: task });
    let result: { value: T } | undefined;
    let failure: Error | undefined;
    const stop = (): void => {
      failure = aborted(file);
      void worker.terminate();
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', (value: T) => (result = { value }));
    worker.once('error', (error: Error) => (failure = error));
    if (signal?.aborted === true) stop();
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (failure !== undefined) reject(failure);
      else if (result !== undefined) resolve(result.value);
      else reject(new RunLogError('RUN_LOG_READ_FAILED', `the search of ${file} ended with code ${code}`));
    });
  });
}
