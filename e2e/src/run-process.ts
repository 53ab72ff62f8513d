import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const binFolder = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));

/** The file that an installed command of the workspace is; a path stays as it is. */
export function commandPath(command: string): string {
  return command.startsWith('/') ? command : `${binFolder}${command}`;
}

/** How a process ended and what it had printed. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A process that a test started. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it printed so far. */
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended by itself or by a signal. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM, then waits for the end. */
  stop(): Promise<ProcessEnd>;
}

/**
 * Starts an installed command of the workspace.
 *
 * @param command - name in `node_modules/.bin`, or a path
 * @param env - added to this process's environment
 */
export function startCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProcess {
  const child = spawn(commandPath(command), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  // a test that was given up must not keep its runner from ending
  child.unref();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const stop = (): Promise<ProcessEnd> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    ended,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** Runs an installed command of the workspace to its end. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessEnd> {
  return startCommand(command, args, env).ended;
}
