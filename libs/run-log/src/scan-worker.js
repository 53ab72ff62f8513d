// The thread that searches big logs.
import { parentPort, workerData } from 'node:worker_threads';
import { RE2JS } from 're2js';
import { findLines } from './find-lines.js';
import { scanFile } from './scan-windows.js';
import { searchLines } from './search-lines.js';

/** @type {import('./scan-thread.js').ScanTask} */
const task = workerData;
const patterns = task.patterns.map(({ pattern, flags }) => RE2JS.compile(pattern, flags));
const [first] = patterns;
if (task.lines !== undefined)
  parentPort?.postMessage(findLines({ file: task.file, ...task.lines }, patterns));
else if (first !== undefined && task.search !== undefined)
  parentPort?.postMessage(searchLines({ file: task.file, ...task.search }, first));
else if (first !== undefined) parentPort?.postMessage(scanFile(task.file, first));
