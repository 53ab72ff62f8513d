import type { WriteStream } from 'node:tty';
import type { Terminal } from '@tunasync/ctl-core';

/**
 * The terminal that `stdout` is; undefined for a pipe or a file.
 *
 * @param env - `NO_COLOR`, when it is not empty, and `TERM=dumb` switch colours off. Source: no-color.org
 */
export function terminalOf(stdout: WriteStream, env: NodeJS.ProcessEnv): Terminal | undefined {
  // the type says that it is one always
  if (!(stdout as { isTTY?: boolean }).isTTY) return undefined;
  return {
    // a terminal that does not know its width says 0
    columns: () => stdout.columns || 80,
    colors: (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
  };
}
