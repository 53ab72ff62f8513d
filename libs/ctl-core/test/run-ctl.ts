import { run, type RunOptions } from '../src/index.js';

/** Exit code and output of tunasynctl. */
export interface Seen {
  exit: number;
  stdout: string;
  stderr: string;
}

/** Runs tunasynctl without a configuration file, unless the options name one. */
export async function runCtl(argv: readonly string[], options: Partial<RunOptions> = {}): Promise<Seen> {
  const seen: Seen = { exit: -1, stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      seen[name] += text;
      return true;
    },
  });
  seen.exit = await run({
    argv,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    version: '1.2.3',
    systemConfig: '/nonexistent/ctl.conf',
    ...options,
  });
  return seen;
}
