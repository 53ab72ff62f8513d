import type { ManagerClient } from '@tunasync/client';
import type { Clock } from '@tunasync/protocol';
import type { Terminal } from './terminal.js';

/** The surroundings of a command. */
export interface CtlContext {
  /** Returns a client of the manager. The first call reads the configuration. */
  manager(): Promise<ManagerClient>;
  /** Writes a line of data to standard output. */
  print(line: string): void;
  /**
   * Writes data to standard output as JSON. Control characters are escaped for a terminal.
   *
   * @param form - on one line, or indented as in v0.10. @defaultValue lines
   */
  printJson(value: unknown, form?: 'line' | 'lines'): void;
  /** Writes unchanged data to standard output. */
  write(data: string | Uint8Array): void;
  /** Resolves as soon as standard output accepts more data. Commands with endless output wait for it. */
  drained(): Promise<void>;
  /** Writes a line to standard error. */
  tell(line: string): void;
  /** Ends a command that would run forever; undefined: only a signal of the system ends it. */
  signal: AbortSignal | undefined;
  /** Confirms an action: prints the line, or with `--json` an object with the line as `message`. */
  confirm(line: string): void;
  /** Whether `--json` is given. */
  json(): boolean;
  /** Undefined: standard output is a pipe or a file. */
  terminal: Terminal | undefined;
  clock: Clock;
  /** Writes a line to standard error, only with `--verbose` or `--debug`. */
  note(line: string): void;
}
