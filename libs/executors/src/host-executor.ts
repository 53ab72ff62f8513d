import type { Clock } from '@tunasync/protocol';
import { hostExecutorName } from './host-handle.js';
import type { Executor } from './interfaces.js';
import { LaunchingExecutor } from './launching-executor.js';

/** What {@link hostExecutor} is made of. */
export interface HostExecutorOptions {
  /** Folder of the exit records; made when it is missing. */
  stateDir: string;
  /** Base environment of every command, copied now; an app gives `process.env`. */
  env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the clock of the machine */
  clock?: Clock;
  /** Told about what does not stop a command but may surprise. @defaultValue nobody */
  logger?: { warn(message: string): void };
  /** A POSIX shell. @defaultValue `/bin/sh` */
  shell?: string;
}

/**
 * Runs commands as processes of this machine, each in a session and process group of its own.
 *
 * What a command leaves running in its group when it ends is ended too (SIGTERM, SIGKILL two seconds later).
 * A daemon that moves to a group of its own is out of reach. A program that does not exist or may not be run ends with the shell's
 * codes 127 and 126, and the log says so.
 */
export function hostExecutor(options: HostExecutorOptions): Executor {
  return new LaunchingExecutor(hostExecutorName, options);
}
