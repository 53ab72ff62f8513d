export type { CtlOverrides } from './load/ctl-defaults.js';
export { loadCtlConfig, type LoadCtlOptions } from './load/load-ctl.js';
export { formatDiagnostic } from './document/diagnostics.js';
export type { CtlConfig, Diagnostic, LoadResult } from './settings/types.js';
