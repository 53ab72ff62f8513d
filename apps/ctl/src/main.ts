import { homedir } from 'node:os';
import { run } from '@tunasync/ctl-core';
import { terminalOf } from './terminal-of.js';
import { packageVersion } from './version.js';

/** What {@link main} gets from its process. */
export interface MainOptions {
  /** Name in messages and help. @defaultValue tunasynctl */
  name?: string;
  /** Arguments without the program's own name. @defaultValue those of this process */
  argv?: readonly string[];
}

/** Runs `tunasynctl` in this process and sets its exit code. */
export async function main({ name, argv = process.argv.slice(2) }: MainOptions = {}): Promise<void> {
  const { stdout, stderr, env } = process;
  // `tunasynctl list | head` is no failure
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  // nobody reads what is said beside the data: the data are worth going on
  stderr.on('error', () => undefined);
  const home = env['HOME'] === undefined || env['HOME'] === '' ? homedir() : env['HOME'];
  const terminal = terminalOf(process);
  process.exitCode = await run({ argv, stdout, stderr, version: packageVersion(), home, name, terminal });
}
