export type { KeyValue, KeyValueOperation } from './key-value.js';
export { levelRecords } from './level-records.js';
export type { WorkerFacts } from './live-reports.js';
export type { ManagerApi, ManagerCall } from './manager-api.js';
export { createManagerLink, type ManagerLinkOptions } from './manager-link.js';
export { memoryRecords } from './memory-records.js';
