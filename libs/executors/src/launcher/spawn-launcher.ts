import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { messageOf } from '@tunasync/protocol';
import { ExecutorError } from '../executor/executor-error.js';
import { launcherFile } from './launcher.js';

/** Options of {@link spawnLauncher}. */
export interface LauncherSpawn {
  shell: string;
  /** Of the launcher itself. */
  launcherOptions: readonly string[];
  argv: readonly [string, ...string[]];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Descriptor of the command's output. */
  log: number;
  /** Descriptor of the exit record; undefined: the launcher's words are lost. */
  record: number | undefined;
}

/** A child that runs, with its pid. */
export type Spawned = ChildProcess & { readonly pid: number };

/**
 * Starts the launcher in a session of its own. The working folder is made only when it turns out to be missing.
 *
 * @throws {@link ExecutorError} `EXECUTOR_START_FAILED`
 */
export async function spawnLauncher(options: LauncherSpawn): Promise<Spawned> {
  const [program] = options.argv;
  try {
    return await trySpawn(options);
  } catch (error) {
    // a missing folder and a missing shell look alike
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new ExecutorError(`cannot start ${program} in ${options.cwd}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  try {
    await mkdir(options.cwd, { recursive: true });
  } catch (error) {
    throw new ExecutorError(`cannot make the working folder of ${program}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  try {
    return await trySpawn(options);
  } catch (error) {
    throw new ExecutorError(`cannot start ${program}: ${messageOf(error)}`, { cause: error });
  }
}

async function trySpawn({
  shell,
  launcherOptions,
  argv,
  cwd,
  env,
  log,
  record,
}: LauncherSpawn): Promise<Spawned> {
  const child = spawn(shell, [launcherFile, ...launcherOptions, ...argv], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, record ?? 'ignore'],
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    throw error;
  }
  return child as Spawned;
}
