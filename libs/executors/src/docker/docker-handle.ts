import type { ExecutionHandle } from '../executor/interfaces.js';

/** Name of the Docker executor, in its handles. */
export const dockerExecutorName = 'docker';

/** The handle that the Docker executor stores for a command. */
export interface DockerHandle extends ExecutionHandle {
  executor: typeof dockerExecutorName;
  id: string;
  /** Name of the container. */
  container: string;
  /** Where the launcher of the client leaves the exit code; also the value of the container's label. */
  exitFile: string;
  /** Unix milliseconds; the container is not older. */
  since: number;
  /** Whether the container has a memory limit. */
  limited: boolean;
}

/** A handle that the Docker executor wrote; undefined for any other. */
export function asDockerHandle(handle: ExecutionHandle): DockerHandle | undefined {
  const { executor, id, container, exitFile, since } = handle as Partial<DockerHandle>;
  const fits =
    executor === dockerExecutorName &&
    typeof id === 'string' &&
    typeof container === 'string' &&
    typeof exitFile === 'string' &&
    typeof since === 'number';
  return fits ? (handle as DockerHandle) : undefined;
}
