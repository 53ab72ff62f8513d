export * from './executor-error.js';
export * from './exit-message.js';
export { hostExecutor, type HostExecutorOptions } from './host-executor.js';
export * from './interfaces.js';
export { ProcessGroup, type GroupIdentity } from './process-group.js';
