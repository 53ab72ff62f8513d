import { systemClock } from '@tunasync/protocol';
import type { ExecutorOptions } from '../executor/executor-options.js';
import type { Executor } from '../executor/interfaces.js';
import { LaunchingExecutor } from '../host/launching-executor.js';
import { Markers } from '../launcher/marker.js';
import { CgroupContainment } from './cgroup-containment.js';
import { cgroupExecutorName } from './open-cgroup-executor.js';

/**
 * Finds commands again that an earlier process started by {@link openCgroupExecutor}, for a worker that uses no cgroups
 * any more. It takes their cgroups away when they have ended, and starts none: `start` rejects.
 */
export function leftCgroupExecutor(options: ExecutorOptions): Executor {
  const { stateDir, clock = systemClock, logger } = options;
  const containment = new CgroupContainment({
    base: undefined,
    clock,
    markers: new Markers(stateDir),
    warn: (message) => logger?.warn(message),
  });
  return new LaunchingExecutor(cgroupExecutorName, options, containment);
}
