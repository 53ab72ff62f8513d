export { managerTlsFiles, type CertificateConfig } from './upkeep/certificates.js';
export {
  commandTimeoutMs,
  openCommandSender,
  type CommandSender,
  type CommandSenderOptions,
} from './workers/command-sender.js';
export { createApp, type AppOptions, type ManagerApp } from './create-app.js';
export { ManagerError, type ManagerErrorCode } from './errors/manager-error.js';
export { type ManagerEventMap, type ManagerEvents } from './events/manager-events.js';
export {
  importManager,
  type ImportCounts,
  type ImportOptions,
  type ImportResult,
} from './import/import-manager.js';
export { createManager, type Manager, type ManagerOptions } from './manager.js';
export { applyReport, type ReportContext } from './reports/apply-report.js';
export type { KnownProgress, ProgressBoard } from './workers/progress-board.js';
export type { HistoryLimits } from './runs/run-service.js';
export { type StatusCache } from './store/status-cache.js';
export type { KnownHeartbeat, HeartbeatRegistry } from './workers/heartbeat-registry.js';
export type { UiOptions } from './ui/ui-pages.js';
export { openWorkerReader, type WorkerReader, type WorkerReadOptions } from './workers/worker-reader.js';
