import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';
import { tempDir, type TempDir } from '@tunasync/test-utils';
import type { CgroupExecutorOptions, ExecutionContext } from '../src/index.js';
import { launcherFile } from '../src/launcher/launcher.js';

const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
const programFile = fileURLToPath(new URL('./worker-program.js', import.meta.url));

/** The program as one file, which starts in a tenth of the time; laid out like the package. */
async function buildProgram(): Promise<TempDir> {
  const folder = await tempDir();
  await promisify(execFile)(esbuild, [
    programFile,
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--conditions=@tunasync/source',
    `--outfile=${join(folder.path, 'dist', 'bundle', 'worker.mjs')}`,
  ]);
  await copyFile(launcherFile, join(folder.path, 'launcher.sh'));
  // for workers of another user
  await chmod(folder.path, 0o755);
  return folder;
}

const built = buildProgram();
afterAll(async () => (await built).remove());

/** Options of a worker process; see `worker-program.js`. */
export interface WorkerOptions {
  stateDir: string;
  cwd: string;
  cgroup?: Pick<CgroupExecutorOptions, 'group' | 'version'>;
  commands: readonly (ExecutionContext & { script: string })[];
  noteFolder?: string;
  waitForInput?: boolean;
  hold?: { id: string; when: 'before' | 'after' } | undefined;
}

/** A worker process, to be killed. */
export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The next line that it prints. */
  next(): Promise<unknown>;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a worker process.
 *
 * @param enter - `cgroup.procs` of the cgroup in which it starts
 */
export async function startWorker(
  options: WorkerOptions,
  enter?: string,
  user: { uid?: number; gid?: number } = {},
): Promise<WorkerProcess> {
  const program = join((await built).path, 'dist', 'bundle', 'worker.mjs');
  const node = [process.execPath, program, JSON.stringify(options)];
  const [file = '', ...argv] =
    enter === undefined ? node : ['sh', '-c', 'echo 0 > "$0" && exec "$@"', enter, ...node];
  const child = spawn(file, argv, {
    env: { PATH: process.env['PATH'] },
    ...user,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    child,
    next: async () => {
      const line = await lines.next();
      if (line.done === true) throw new TypeError('the worker has told nothing more');
      return JSON.parse(line.value) as unknown;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
