export { CgroupError } from './cgroup/cgroup-error.js';
export type { CgroupVersion } from './cgroup/hierarchy.js';
export { leftCgroupExecutor } from './cgroup/left-cgroup-executor.js';
export {
  cgroupExecutorName,
  openCgroupExecutor,
  type CgroupExecutorOptions,
} from './cgroup/open-cgroup-executor.js';
export * from './docker/docker-error.js';
export { dockerExecutor, type DockerExecutorOptions } from './docker/docker-executor.js';
export * from './executor/executor-error.js';
export type { ExecutorOptions } from './executor/executor-options.js';
export * from './executor/exit-message.js';
export * from './executor/interfaces.js';
export { endForgotten, type EndForgottenOptions } from './host/end-forgotten.js';
export { hostExecutor, type HostExecutorOptions } from './host/host-executor.js';
export { sweepState } from './host/sweep-state.js';
export type { GroupIdentity } from './process/group-members.js';
export { ProcessGroup } from './process/process-group.js';
