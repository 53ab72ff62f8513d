import { exitMessage } from '@tunasync/executors';
import { messageOf, TunasyncError, type Clock } from '@tunasync/protocol';
import { runProgram, type RunProgramOptions } from './run-program.js';

/** Runs a program to its end; returns how it ended, after all its output was passed on. */
export type ProgramRunner = (options: RunProgramOptions) => ReturnType<typeof runProgram>;

/** Options of {@link BtrfsTool}. */
export interface BtrfsToolOptions {
  /** The worker's own environment. */
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** @defaultValue a child process */
  run?: ProgramRunner;
}

/** Milliseconds that one command may take in a run that is being stopped. */
const lateLimitMs = 5000;
/** The longest output of a command in an error message, in characters. */
const longestOutput = 500;

/** The subcommands of btrfs(8) that the hook needs. An error has the output of btrfs. */
export class BtrfsTool {
  readonly #options: BtrfsToolOptions;

  constructor(options: BtrfsToolOptions) {
    this.#options = options;
  }

  create(path: string, signal: AbortSignal): Promise<void> {
    return this.#subvolume(`cannot create the subvolume ${path}`, ['create', path], signal);
  }

  /** Makes a writable snapshot, which does not need more rights to be deleted than a folder. */
  snapshot(source: string, target: string, signal: AbortSignal): Promise<void> {
    return this.#subvolume(`cannot make a snapshot of ${source}`, ['snapshot', source, target], signal);
  }

  remove(path: string, signal: AbortSignal): Promise<void> {
    return this.#subvolume(`cannot delete the snapshot ${path}`, ['delete', path], signal);
  }

  async #subvolume(what: string, args: readonly string[], signal: AbortSignal): Promise<void> {
    const { env, clock, run = runProgram } = this.#options;
    let output = '';
    const take = (text: string): void => {
      output = (output + text).slice(-longestOutput);
    };
    let why: string;
    try {
      const argv = ['btrfs', 'subvolume', ...args] as const;
      const exit = await run({ argv, env, output: take, clock, signal, lateLimitMs });
      if (exit.code === 0) return;
      // the last line is what went wrong; the ones before say what was attempted
      why = output.trim().split('\n').at(-1) || exitMessage(exit);
    } catch (error) {
      throw new TunasyncError(
        'HOOK_BTRFS_FAILED',
        `${what}: ${messageOf(error)} (it is in the package btrfs-progs)`,
        {
          cause: error,
        },
      );
    }
    throw new TunasyncError('HOOK_BTRFS_FAILED', `${what}: ${why}`);
  }
}
