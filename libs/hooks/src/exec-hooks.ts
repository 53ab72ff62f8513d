import { splitCommandLine, type MirrorConfig } from '@tunasync/config';
import { exitMessage } from '@tunasync/executors';
import { messageOf, systemClock, TunasyncError, type Clock } from '@tunasync/protocol';
import type { Hook, HookContext, HookPlugin } from './interfaces.js';
import { runProgram } from './run-program.js';

/** Options of {@link execHooks}. */
export interface ExecHooksOptions {
  /** The worker's own environment, which the lines get in addition to the `TUNASYNC_` variables. */
  env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the machine's */
  clock?: Clock;
  /** File descriptors for the lines' standard output and standard error. @defaultValue this process's: `[1, 2]` */
  output?: readonly [number, number];
  /**
   * Milliseconds that a line may take in a run that is being stopped.
   * @defaultValue 30000
   */
  stopLimitMs?: number;
}

/** Milliseconds for a line to end after the signal: SIGKILL comes after 2 s of them. */
const killTimeMs = 5000;

/** The two lists of lines and what they have to do with the result of an attempt. */
const lists = [
  { key: 'exec_on_success', field: 'execOnSuccess', method: 'postSuccess', status: 'success' },
  { key: 'exec_on_failure', field: 'execOnFailure', method: 'postFail', status: 'failure' },
] as const;

/**
 * Runs the lines of `exec_on_success` and `exec_on_failure` after each attempt, every line as a hook of its own.
 * As post stages run in reverse, the last line runs first. No shell reads the lines.
 */
export function execHooks(options: ExecHooksOptions): HookPlugin {
  const { env, clock = systemClock, output = [1, 2], stopLimitMs = 30_000 } = options;

  async function runLine(words: readonly string[], status: string, context: HookContext): Promise<void> {
    const [program, ...args] = words;
    if (program === undefined) throw new TunasyncError('HOOK_LINE_EMPTY', 'the line names no program');
    const { mirror, logFile, signal } = context;
    const exit = await runProgram({
      argv: [program, ...args],
      env: {
        ...env,
        TUNASYNC_MIRROR_NAME: mirror.name,
        TUNASYNC_WORKING_DIR: mirror.workingDir,
        TUNASYNC_UPSTREAM_URL: mirror.upstream,
        TUNASYNC_LOG_DIR: mirror.logDir,
        TUNASYNC_LOG_FILE: logFile,
        TUNASYNC_JOB_EXIT_STATUS: status,
      },
      output,
      clock,
      signal,
      lateLimitMs: stopLimitMs,
    });
    if (exit.code !== 0) throw new TunasyncError('HOOK_LINE_FAILED', exitMessage(exit));
  }

  return {
    name: 'exec',
    create: (mirror) =>
      lists.flatMap(({ key, field, method, status }) =>
        mirror[field].map((line, index): Hook => {
          const name = `${key}[${index}]`;
          const words = split(mirror, name, line);
          return {
            name,
            stopLimitMs: stopLimitMs + killTimeMs,
            [method]: (context: HookContext) => runLine(words, status, context),
          };
        }),
      ),
  };
}

function split(mirror: MirrorConfig, name: string, line: string): string[] {
  try {
    return splitCommandLine(line);
  } catch (error) {
    throw new TunasyncError('HOOK_CONFIG_INVALID', `mirrors[${mirror.name}].${name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
