import type { ManagerClient } from '@tunasync/client';
import type { Clock } from '@tunasync/protocol';
import type { Terminal } from './terminal.js';

/** What a command gets to work with. */
export interface CtlContext {
  /** The manager; the configuration is read with the first call. */
  manager(): Promise<ManagerClient>;
  /** Writes a line of data to standard output. */
  print(line: string): void;
  /**
   * Writes data to standard output as JSON; a terminal gets escapes for what it would obey.
   *
   * @param form - on one line, or indented as the original does. @defaultValue lines
   */
  printJson(value: unknown, form?: 'line' | 'lines'): void;
  /** Writes to standard output as it is. */
  write(data: string | Uint8Array): void;
  /** Resolves as soon as standard output takes more: whoever writes without end waits for it. */
  drained(): Promise<void>;
  /** Writes a line to standard error. */
  tell(line: string): void;
  /** Ends what would go on until somebody stops it; undefined: nobody does but with a signal of the system. */
  signal: AbortSignal | undefined;
  /** Says that something is done: the line, or with `--json` an object that has it as `message`. */
  confirm(line: string): void;
  /** Whether `--json` is given. */
  json(): boolean;
  /** Undefined: standard output is a pipe or a file. */
  terminal: Terminal | undefined;
  clock: Clock;
  /** Writes a line to standard error, only with `--verbose` or `--debug`. */
  note(line: string): void;
}
