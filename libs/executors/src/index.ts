export * from './docker/docker-error.js';
export { dockerExecutor, type DockerExecutorOptions } from './docker/docker-executor.js';
export { endForgotten, type EndForgottenOptions } from './end-forgotten.js';
export * from './executor-error.js';
export * from './exit-message.js';
export { hostExecutor, type HostExecutorOptions } from './host-executor.js';
export * from './interfaces.js';
export type { GroupIdentity } from './group-members.js';
export { ProcessGroup } from './process-group.js';
export { CgroupError } from './cgroup/cgroup-error.js';
export type { CgroupVersion } from './cgroup/hierarchy.js';
export {
  cgroupExecutorName,
  openCgroupExecutor,
  type CgroupExecutorOptions,
} from './cgroup/open-cgroup-executor.js';
export { leftCgroupExecutor } from './cgroup/left-cgroup-executor.js';
export { sweepState } from './sweep-state.js';
