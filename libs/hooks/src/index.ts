export * from './create-hooks.js';
export * from './exec-hooks.js';
export * from './hook-error.js';
export * from './hook-runner.js';
export * from './interfaces.js';
export * from './log-limiter.js';
