import { spawn } from 'node:child_process';
import { ProcessGroup, type ExitResult } from '@tunasync/executors';
import { messageOf, TunasyncError, type Clock } from '@tunasync/protocol';

/** Options of {@link runProgram}. */
export interface RunProgramOptions {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string | undefined>>;
  /** File descriptors for standard output and standard error, or a function that is given both, in parts. */
  output: readonly [number, number] | ((text: string) => void);
  clock: Clock;
  /** Ends the program when it is aborted while the program runs. */
  signal: AbortSignal;
  /** Milliseconds that a program may take which is started when `signal` is aborted already. */
  lateLimitMs: number;
}

/** Milliseconds between SIGTERM and SIGKILL. */
const killAfterMs = 2000;

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
export async function runProgram(options: RunProgramOptions): Promise<ExitResult> {
  const { argv, env, output, clock, signal, lateLimitMs } = options;
  const [program, ...args] = argv;
  const listener = typeof output === 'function' ? output : undefined;
  const [out, err] = typeof output === 'function' ? (['pipe', 'pipe'] as const) : output;
  const child = spawn(program, args, { env, stdio: ['ignore', out, err], detached: true });
  if (listener !== undefined) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', listener);
  }
  const exit = new Promise<ExitResult>((resolve, reject) => {
    child.once('error', (error) => {
      reject(startError(program, error));
    });
    // 'close' comes after all output in the pipes
    child.once(
      listener === undefined ? 'exit' : 'close',
      (code: number | null, signalName: string | null) => {
        resolve({ code, signal: signalName });
      },
    );
  });
  if (child.pid === undefined) return exit;

  const group = new ProcessGroup(child.pid, clock);
  const told = { toEnd: false };
  const end = (): void => {
    told.toEnd = true;
    group.terminate(killAfterMs);
  };
  // A run that was stopped still gets its failure hooks; they must not hold up the stop for ever.
  const limit = signal.aborted ? clock.after(lateLimitMs, end) : undefined;
  signal.addEventListener('abort', end, { once: true });
  try {
    const result = await exit;
    // After the signal the whole group has to end, not only the program itself.
    if (told.toEnd) await group.sweep(killAfterMs);
    return result;
  } finally {
    limit?.cancel();
    signal.removeEventListener('abort', end);
  }
}
