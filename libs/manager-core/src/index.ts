export { managerTlsFiles, type CertificateConfig } from './certificates.js';
export {
  commandTimeoutMs,
  openCommandSender,
  type CommandSender,
  type CommandSenderOptions,
} from './command-sender.js';
export { createApp, type AppOptions, type ManagerApp } from './create-app.js';
export { ManagerError, type ManagerErrorCode } from './errors.js';
export { type ManagerEventMap, type ManagerEvents } from './events.js';
export {
  importManager,
  type ImportCounts,
  type ImportOptions,
  type ImportResult,
} from './import/import-manager.js';
export { createManager, type Manager, type ManagerOptions } from './manager.js';
export { applyReport, type ReportContext } from './status/apply-report.js';
export type { KnownProgress, ProgressBoard } from './status/progress-board.js';
export type { HistoryLimits } from './status/run-service.js';
export { type StatusCache } from './status/status-cache.js';
export type { KnownFacts, WorkerFacts } from './status/worker-facts.js';
export type { UiOptions } from './ui/ui-pages.js';
export { openWorkerReader, type WorkerReader, type WorkerReadOptions } from './worker-reader.js';
