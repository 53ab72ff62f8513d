import type { ExecutorOptions } from '../executor/executor-options.js';
import type { Executor } from '../executor/interfaces.js';
import { hostExecutorName } from './host-handle.js';
import { LaunchingExecutor } from './launching-executor.js';

/** Options of {@link hostExecutor}. */
export type HostExecutorOptions = ExecutorOptions;

/**
 * Runs commands as processes of this machine, each in its own session and process group.
 *
 * When a command ends, the processes that it left in its group are ended too (SIGTERM, SIGKILL two seconds later).
 * A daemon that moves to a group of its own is out of reach. A program that does not exist or cannot be executed
 * ends with the shell's codes 127 and 126, and the log says so.
 */
export function hostExecutor(options: HostExecutorOptions): Executor {
  return new LaunchingExecutor(hostExecutorName, options);
}
