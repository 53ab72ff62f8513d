import type { ManagerClient } from '@tunasync/client';

/** What a command gets to work with. */
export interface CtlContext {
  /** The manager; the configuration is read with the first call. */
  manager(): Promise<ManagerClient>;
  /** Writes a line of data to standard output. */
  print(line: string): void;
  /** Writes a line to standard error, only with `--verbose` or `--debug`. */
  note(line: string): void;
}
