import { systemClock } from '@tunasync/protocol';
import type { HostExecutorOptions } from '../host-executor.js';
import type { Executor } from '../interfaces.js';
import { LaunchingExecutor } from '../launching-executor.js';
import { Markers } from '../marker.js';
import { CgroupContainment } from './cgroup-containment.js';
import { cgroupExecutorName } from './open-cgroup-executor.js';

/**
 * Finds commands again that an earlier process started by {@link openCgroupExecutor}, for a worker that uses no cgroups
 * any more. It takes their cgroups away when they have ended, and starts none: `start` rejects.
 */
export function leftCgroupExecutor(options: HostExecutorOptions): Executor {
  const { stateDir, clock = systemClock, logger } = options;
  const containment = new CgroupContainment({
    base: undefined,
    clock,
    markers: new Markers(stateDir),
    warn: (message) => logger?.warn(message),
  });
  return new LaunchingExecutor(cgroupExecutorName, options, containment);
}
