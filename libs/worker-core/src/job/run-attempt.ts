import type {
  ContainerSettings,
  Execution,
  ExecutionHandle,
  ExitResult,
  Executor,
} from '@tunasync/executors';
import { messageOf, type Clock } from '@tunasync/protocol';
import type { Attempt, Provider } from '@tunasync/providers';
import { sleep } from '@tunasync/util';
import type { RunWithCommand } from '../interfaces/job-record.js';
import type { AttemptFacts } from '../interfaces/run-reason.js';
import { goDuration } from './go-duration.js';

/** What became of an attempt. */
export type AttemptEnd = AttemptFacts &
  (
    | { readonly kind: 'success'; readonly size?: string }
    | { readonly kind: 'failed'; readonly message: string }
    | { readonly kind: 'killed' }
  );

/** A command of an attempt, as it is written down. */
export interface CommandState {
  /** Its number in the attempt, from 0. */
  readonly command: number;
  /** By which it is found again; written down before the command is started where the executor can foresee it. */
  readonly handle: ExecutionHandle;
}

/** What {@link runAttempt} must know. */
export interface AttemptOptions {
  mirror: string;
  provider: Provider;
  /** Starts commands. */
  executor: Executor;
  /** The executor that wrote a handle; undefined: there is none of its kind any more. */
  executorOf: (handle: ExecutionHandle) => Executor | undefined;
  container?: ContainerSettings | undefined;
  clock: Clock;
  /** Seconds for all commands of the attempt together; 0: no limit. */
  timeoutSeconds: number;
  /** Bytes; 0: no limit. */
  memoryLimit: number;
  /** Aborted: end what runs and start nothing more. */
  signal: AbortSignal;
  /** Names an execution; called once for each command. */
  newId: () => string;
  /** Notes a command; resolves when that is on disk (or cannot be). */
  onCommand: (state: CommandState) => Promise<void>;
  /** A command, counted from 0, runs from now on. @returns what to call when it has ended */
  onRunning: (execution: Execution, command: number) => (() => void) | undefined;
  /** Told what went wrong beside the attempt's own result. */
  warn: (message: string) => void;
}

/** Why an attempt has failed of which nobody knows the end. Source: the original's words for a killed command. */
export const crashedMessage = 'signal: killed: the worker ended during the sync';

/**
 * Runs a provider's commands one after the other, and has the provider read their result; or goes on with an attempt
 * that an earlier process began. What is noted last by `onCommand` is for the caller to clear up. Never rejects.
 */
export async function runAttempt(
  attempt: Attempt,
  options: AttemptOptions,
  interrupted?: RunWithCommand,
): Promise<AttemptEnd> {
  const limit = new Limit(options, interrupted?.attemptStarted ?? options.clock.now());
  const progress: Progress = {};
  const ended = (reason: AttemptFacts['reason'], facts: AttemptFacts['facts'] = {}): AttemptFacts => ({
    reason,
    exitCode: progress.exit?.code ?? null,
    facts,
    ...(progress.endedAt !== undefined && { endedAt: progress.endedAt }),
  });
  try {
    await runCommands(attempt, options, limit, progress, interrupted);
    const { exit } = progress;
    if (limit.isKilled()) return { kind: 'killed', ...ended('killed') };
    if (limit.timedOut) return { kind: 'failed', message: limit.message, ...ended('timeout') };
    if (exit === undefined) return { kind: 'failed', message: crashedMessage, ...ended('crashed') };
    if (isUnknown(exit)) return { kind: 'failed', message: crashedMessage, ...ended('crashed') };
    const outcome = await options.provider.inspect({ ...attempt, signal: options.signal }, exit);
    if (limit.isKilled() && !outcome.ok) return { kind: 'killed', ...ended('killed', outcome.facts) };
    if (outcome.ok) {
      const size = outcome.size === undefined ? {} : { size: outcome.size };
      return { kind: 'success', ...size, ...ended('ok', outcome.facts) };
    }
    const reason = outcome.reason ?? (exit.signal === null ? 'exit-code' : 'signal');
    return { kind: 'failed', message: outcome.message, ...ended(reason, outcome.facts) };
  } catch (error) {
    if (limit.isKilled()) return { kind: 'killed', ...ended('killed') };
    return limit.timedOut
      ? { kind: 'failed', message: limit.message, ...ended('timeout') }
      : { kind: 'failed', message: messageOf(error), ...ended('start-failed') };
  } finally {
    limit.lift();
  }
}

/** How far an attempt has come. */
interface Progress {
  /** Of the last command that has ended. */
  exit?: ExitResult;
  /** When that was, where nobody saw it. */
  endedAt?: number | undefined;
}

async function runCommands(
  attempt: Attempt,
  options: AttemptOptions,
  limit: Limit,
  progress: Progress,
  interrupted: RunWithCommand | undefined,
): Promise<void> {
  const { provider } = options;
  let previous = interrupted?.handle;
  if (interrupted !== undefined) {
    const execution = await findAgain(interrupted.handle, options, limit);
    // nobody knows how it ended, so nobody knows whether the next command may run
    if (execution === undefined) return;
    progress.exit = await watch(execution, interrupted.command, limit, options);
    progress.endedAt = execution.endedAt;
  }
  const first = interrupted === undefined ? 0 : interrupted.command + 1;
  for (const [index, spec] of provider.commands(attempt).entries()) {
    if (index < first) continue;
    if (progress.exit !== undefined && !provider.succeeded(progress.exit)) return;
    if (limit.isReached()) return;
    const context = {
      mirror: options.mirror,
      id: options.newId(),
      ...(options.memoryLimit > 0 && { memoryLimit: options.memoryLimit }),
      ...(options.container !== undefined && { container: options.container }),
    };
    const note = async (handle: ExecutionHandle): Promise<void> => {
      const earlier = previous;
      previous = undefined;
      await options.onCommand({ command: index, handle });
      // only now is it not needed any more
      if (earlier !== undefined) await forget(earlier, options);
    };
    const foreseen = options.executor.foresee?.(context);
    if (foreseen !== undefined) await note(foreseen);
    // the note takes a moment
    if (limit.isReached()) return;
    const execution = await options.executor.start(spec, context);
    // the command runs already: this one need not be waited for
    void note(execution.handle);
    progress.endedAt = undefined;
    progress.exit = await watch(execution, index, limit, options);
    previous = execution.handle;
  }
}

/** Milliseconds between attempts to find a command of an earlier process. */
const findAgainMs = 10_000;

/**
 * The command of an earlier process; undefined when nothing is left of it. An executor that cannot tell (a Docker
 * engine that is away) is asked until it can: a second sync must not begin beside one that may be under way.
 */
async function findAgain(
  handle: ExecutionHandle,
  options: AttemptOptions,
  limit: Limit,
): Promise<Execution | undefined> {
  for (let asked = 1; ; asked++) {
    try {
      return await options.executorOf(handle)?.attach(handle);
    } catch (error) {
      if (limit.isReached()) throw error;
      if (asked === 1) {
        options.warn(
          `cannot look for the sync that was under way, asking until it can be told: ${messageOf(error)}`,
        );
      }
    }
    await sleep(options.clock, findAgainMs, options.signal);
  }
}

/** Whether nobody saw the end. */
function isUnknown({ code, signal }: ExitResult): boolean {
  return code === null && signal === null;
}

async function forget(handle: ExecutionHandle, options: AttemptOptions): Promise<void> {
  try {
    await options.executorOf(handle)?.cleanup(handle);
  } catch (error) {
    options.warn(`cannot clear up after a command: ${messageOf(error)}`);
  }
}

/** Sees one command through to its end. */
async function watch(
  execution: Execution,
  command: number,
  limit: Limit,
  options: AttemptOptions,
): Promise<ExitResult> {
  const ended = options.onRunning(execution, command);
  limit.watch(execution);
  const exit = await execution.exit;
  limit.watch(undefined);
  ended?.();
  return exit;
}

/** Ends the command under way when the time is up or the run is being ended, whichever comes first. */
class Limit {
  readonly message: string;
  timedOut = false;
  readonly #options: AttemptOptions;
  readonly #timer;
  #execution: Execution | undefined;

  /** @param startedAt - of the attempt, milliseconds since the Unix epoch */
  constructor(options: AttemptOptions, startedAt: number) {
    this.#options = options;
    this.message = `${options.mirror} timeout after ${goDuration(options.timeoutSeconds)}`;
    if (options.timeoutSeconds > 0) {
      const whole = options.timeoutSeconds * 1000;
      // a clock that was set back meanwhile makes it no longer
      const left = Math.min(startedAt + whole - options.clock.now(), whole);
      this.#timer = options.clock.after(Math.max(0, left), () => {
        this.timedOut = true;
        this.#end();
      });
    }
    options.signal.addEventListener('abort', this.#end);
  }

  isKilled(): boolean {
    return this.#options.signal.aborted;
  }

  isReached(): boolean {
    return this.timedOut || this.isKilled();
  }

  watch(execution: Execution | undefined): void {
    this.#execution = execution;
    if (this.isReached()) this.#end();
  }

  lift(): void {
    this.#timer?.cancel();
    this.#options.signal.removeEventListener('abort', this.#end);
  }

  readonly #end = (): void => {
    this.#execution?.terminate().catch((error: unknown) => {
      this.#options.warn(`cannot end a command: ${messageOf(error)}`);
    });
  };
}
