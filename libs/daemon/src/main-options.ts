import type { Writable } from 'node:stream';
import { thisProcess, type ProcessHost } from './process-host.js';

/** What the `main` of a daemon gets from its process; tests pass their own. */
export interface MainOptions {
  /** Name in messages. @defaultValue the program's name, such as tunasync-worker */
  name?: string;
  /** Arguments without the program's own name. @defaultValue those of this process */
  argv?: readonly string[];
  /** @defaultValue this process's */
  env?: Readonly<Record<string, string | undefined>>;
  /** @defaultValue standard output */
  stdout?: Writable;
  /** @defaultValue this process */
  host?: ProcessHost;
}

/** {@link MainOptions} with their defaults filled in. */
export interface MainProcess extends Required<MainOptions> {
  /** Writes one line to standard error. */
  writeError: (line: string) => void;
}

/**
 * Fills in the defaults of {@link MainOptions}.
 *
 * @param program - the name that the program usually has
 * @param owner - the process that the rest is taken from
 */
export function mainProcess(
  options: MainOptions,
  program: string,
  owner: Pick<NodeJS.Process, 'argv' | 'env' | 'stdout'>,
): MainProcess {
  const { name = program, argv = owner.argv.slice(2), env = owner.env } = options;
  const { stdout = owner.stdout, host = thisProcess() } = options;
  const writeError = (line: string): void => {
    host.writeError(line.trimEnd());
  };
  return { name, argv, env, stdout, host, writeError };
}
