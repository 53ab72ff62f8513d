import type { ExecutionHandle } from './interfaces.js';

/** Name of the host executor, in its handles. */
export const hostExecutorName = 'host';

/** What the host executor writes down about a command. */
export interface HostHandle extends ExecutionHandle {
  executor: typeof hostExecutorName;
  id: string;
  /** Of the launcher, which leads the command's process group. */
  pid: number;
  /** Start of the launcher in clock ticks since the boot (field 22 of proc(5)'s stat); null where the kernel does not tell. */
  startTime: number | null;
  /** Names the boot; empty where the kernel does not tell. */
  bootId: string;
  /** Where the launcher leaves the exit code. */
  exitFile: string;
  /** Value of `TUNASYNC_EXECUTION` in the environment of all processes of this execution. */
  marker: string;
}

/** A handle that the host executor wrote; undefined for any other. */
export function asHostHandle(handle: ExecutionHandle): HostHandle | undefined {
  const { executor, pid, startTime, bootId, exitFile, marker } = handle as Partial<HostHandle>;
  const fits =
    executor === hostExecutorName &&
    typeof pid === 'number' &&
    Number.isSafeInteger(pid) &&
    pid > 1 &&
    (typeof startTime === 'number' || startTime === null) &&
    typeof bootId === 'string' &&
    typeof exitFile === 'string' &&
    typeof marker === 'string';
  return fits ? (handle as HostHandle) : undefined;
}
