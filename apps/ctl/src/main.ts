import { homedir } from 'node:os';
import { run } from '@tunasync/ctl-core';
import { terminalOf } from './terminal-of.js';
import { packageVersion } from './version.js';

/** Options of {@link main}. */
export interface MainOptions {
  /** Name for messages and help. @defaultValue tunasynctl */
  name?: string;
  /** Arguments without the program's own name. @defaultValue the arguments of this process */
  argv?: readonly string[];
}

/** Runs `tunasynctl` in this process and sets its exit code. */
export async function main({ name, argv = process.argv.slice(2) }: MainOptions = {}): Promise<void> {
  const { stdout, stderr, env } = process;
  // `tunasynctl list | head` is not a failure
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  // continue without a reader of standard error: the data on standard output still matter
  stderr.on('error', () => undefined);
  const home = env['HOME'] === undefined || env['HOME'] === '' ? homedir() : env['HOME'];
  const terminal = terminalOf(process);
  process.exitCode = await run({ argv, stdout, stderr, version: packageVersion(), home, name, terminal });
}
