// The thread that searches big logs.
import { parentPort, workerData } from 'node:worker_threads';
import { RE2JS } from 're2js';
import { findLines } from './find-lines.js';
import { scanFile } from './scan-windows.js';
import { searchLines } from './search-lines.js';

/** @type {import('./scan-thread.js').ScanTask} */
const task = workerData;
if (task.search !== undefined) parentPort?.postMessage(search(task.search));
else {
  const patterns = task.patterns.map(({ pattern, flags }) => RE2JS.compile(pattern, flags));
  const [first] = patterns;
  if (task.lines !== undefined)
    parentPort?.postMessage(findLines({ file: task.file, ...task.lines }, patterns));
  else if (first !== undefined) parentPort?.postMessage(scanFile(task.file, first));
}

/**
 * @param {NonNullable<import('./scan-thread.js').ScanTask['search']>} task
 * @returns {import('./search-result.js').LogSearch | { problem: string }}
 */
function search({ pattern: { text, regex, matchCase }, ...task }) {
  let pattern;
  try {
    // a pattern of 500 characters takes up to some tenths of a second
    pattern = RE2JS.compile(
      regex === true ? text : RE2JS.quote(text),
      matchCase === true ? 0 : RE2JS.CASE_INSENSITIVE,
    );
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  // V8 finds a plain text at some hundred times the speed
  const filter =
    regex === true
      ? undefined
      : new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), matchCase === true ? 'u' : 'iu');
  return searchLines(task, pattern, filter);
}
