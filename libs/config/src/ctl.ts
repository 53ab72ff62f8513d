export type { CtlOverrides } from './ctl-defaults.js';
export { loadCtlConfig, type LoadCtlOptions } from './load-ctl.js';
export { formatDiagnostic } from './diagnostics.js';
export type { CtlConfig, Diagnostic, LoadResult } from './types.js';
