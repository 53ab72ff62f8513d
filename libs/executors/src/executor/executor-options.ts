import type { Clock } from '@tunasync/protocol';

/** Options of every executor of this package. */
export interface ExecutorOptions {
  /** Folder of the exit records; created when it is missing. */
  stateDir: string;
  /**
   * Environment of started processes, copied when the executor is made; an app passes `process.env`. On the host
   * every command inherits it. In Docker only the client does (`PATH`, `HOME`, `DOCKER_HOST`, …), no container.
   */
  env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the clock of the machine */
  clock?: Clock;
  /** Receives warnings about problems that do not stop a command. @defaultValue none */
  logger?: { warn(message: string): void };
  /** A POSIX shell. @defaultValue `/bin/sh` */
  shell?: string;
}
