export * from './create-run-log.js';
export * from './list-run-logs.js';
export * from './mark-run-log.js';
export * from './read-log.js';
export { RunLogError, type RunLogErrorCode } from './run-log-error.js';
export * from './run-log-name.js';
export { scanLog, type ScanLogOptions, type ScanResult } from './scan-log.js';
