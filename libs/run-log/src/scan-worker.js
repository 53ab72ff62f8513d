// The thread that scanLog starts for a big log.
import { parentPort, workerData } from 'node:worker_threads';
import { RE2JS } from 're2js';
import { scanFile } from './scan-windows.js';

const { file, pattern, flags } = workerData;
parentPort?.postMessage(scanFile(file, RE2JS.compile(pattern, flags)));
