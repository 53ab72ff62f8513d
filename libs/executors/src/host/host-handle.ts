import type { ExecutionHandle } from '../executor/interfaces.js';

/** Name of the host executor, in its handles. */
export const hostExecutorName = 'host';

/** The stored facts about a command that the launcher starts, before or after its start. */
export interface ForeseenHandle extends ExecutionHandle {
  id: string;
  /** Of the launcher, which leads the command's process group; null before the start. */
  pid: number | null;
  /**
   * Start of the launcher in clock ticks since the boot (field 22 of proc(5)'s stat); null before the start, and
   * where the kernel does not report it.
   */
  startTime: number | null;
  /** Names the boot; empty where the kernel does not report it. */
  bootId: string;
  /** Where the launcher leaves the exit code. */
  exitFile: string;
  /** Value of `TUNASYNC_EXECUTION` in the environment of all processes of this execution. */
  marker: string;
}

/** {@link ForeseenHandle} of a command that was started. */
export interface HostHandle extends ForeseenHandle {
  pid: number;
}

/** A handle that the executor of this name wrote; undefined for any other. */
export function asHandleOf(name: string, handle: ExecutionHandle): ForeseenHandle | undefined {
  const { executor, id, pid, startTime, bootId, exitFile, marker } = handle as Partial<ForeseenHandle>;
  const fits =
    executor === name &&
    typeof id === 'string' &&
    (pid === null || (typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 1)) &&
    (typeof startTime === 'number' || startTime === null) &&
    typeof bootId === 'string' &&
    typeof exitFile === 'string' &&
    typeof marker === 'string';
  return fits ? (handle as ForeseenHandle) : undefined;
}

/** Whether the launcher's pid is known. */
export function isStarted(handle: ForeseenHandle): handle is HostHandle {
  return handle.pid !== null;
}
