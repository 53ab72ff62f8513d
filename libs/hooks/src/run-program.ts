import { spawn } from 'node:child_process';
import type { ExitResult } from '@tunasync/executors';
import { messageOf, TunasyncError, type Clock, type ClockTimer } from '@tunasync/protocol';

/** What {@link runProgram} is told. */
export interface RunProgramOptions {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string | undefined>>;
  /** File descriptors for standard output and standard error. */
  output: readonly [number, number];
  clock: Clock;
  /** Ends the program when it is aborted while the program runs. */
  signal: AbortSignal;
  /** Milliseconds that a program may take which is started when `signal` is aborted already. */
  lateLimitMs: number;
}

/** Milliseconds between SIGTERM and SIGKILL. */
const killAfterMs = 2000;

/** Sends a signal to a process group; whether there was anybody to take it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

function startError(program: string, error: NodeJS.ErrnoException): TunasyncError {
  const reasons = new Map([
    ['ENOENT', 'there is no such program'],
    ['EACCES', 'it is not executable'],
  ]);
  const reason = reasons.get(error.code ?? '') ?? messageOf(error);
  return new TunasyncError('HOOK_START_FAILED', `cannot run '${program}': ${reason}`, { cause: error });
}

/**
 * Runs a program in a process group of its own, in this process's working directory, and waits for its end.
 * To end it early means SIGTERM for the group, and SIGKILL for what is left of it after 2 s.
 *
 * @throws `TunasyncError` `HOOK_START_FAILED` when it cannot be started
 */
export function runProgram(options: RunProgramOptions): Promise<ExitResult> {
  const { argv, env, output, clock, signal, lateLimitMs } = options;
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', ...output], detached: true });
    const { pid } = child;
    let result: ExitResult | undefined;
    let timer: ClockTimer | undefined;
    let ending = false;

    const finish = (): void => {
      if (result === undefined) return;
      timer?.cancel();
      signal.removeEventListener('abort', end);
      resolve(result);
    };
    const end = (): void => {
      if (pid === undefined || ending) return;
      ending = true;
      timer?.cancel();
      signalGroup(pid, 'SIGTERM');
      timer = clock.after(killAfterMs, () => {
        signalGroup(pid, 'SIGKILL');
        ending = false;
        finish();
      });
    };

    child.once('error', (error) => {
      if (pid === undefined) reject(startError(program, error));
    });
    child.once('exit', (code, signalName) => {
      result = { code, signal: signalName };
      // Once told to end, the whole group has to, not only the program itself.
      if (pid === undefined || !ending || !signalGroup(pid, 0)) finish();
    });
    if (pid === undefined) return;
    // A run that was stopped still gets its failure hooks; they must not hold up the stop for ever.
    if (signal.aborted) timer = clock.after(lateLimitMs, end);
    else signal.addEventListener('abort', end, { once: true });
  });
}
