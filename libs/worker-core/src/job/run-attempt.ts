import type { Execution, ExecutionHandle, ExitResult, Executor } from '@tunasync/executors';
import { messageOf, type Clock } from '@tunasync/protocol';
import type { Attempt, Provider } from '@tunasync/providers';
import { goDuration } from './go-duration.js';

/** What became of an attempt. */
export type AttemptEnd =
  | { readonly kind: 'success'; readonly size?: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'killed' };

/** What {@link runAttempt} must know. */
export interface AttemptOptions {
  mirror: string;
  provider: Provider;
  executor: Executor;
  clock: Clock;
  /** Seconds for all commands of the attempt together; 0: no limit. */
  timeoutSeconds: number;
  /** Bytes; 0: no limit. */
  memoryLimit: number;
  /** Aborted: end what runs and start nothing more. */
  signal: AbortSignal;
  /** Names an execution; called once for each command. */
  newId: () => string;
  /** Told when a command is under way, and with null when it is gone. */
  onExecution: (handle: ExecutionHandle | null) => void;
  /** Told what went wrong beside the attempt's own result. */
  warn: (message: string) => void;
}

/** Runs a provider's commands one after the other, and has the provider read their result. Never rejects. */
export async function runAttempt(attempt: Attempt, options: AttemptOptions): Promise<AttemptEnd> {
  const { provider, signal } = options;
  const limit = new Limit(options);
  try {
    let exit: ExitResult | undefined;
    for (const spec of provider.commands(attempt)) {
      if (exit !== undefined && !provider.succeeded(exit)) break;
      if (limit.reached) break;
      const execution = await options.executor.start(spec, {
        mirror: options.mirror,
        id: options.newId(),
        ...(options.memoryLimit > 0 && { memoryLimit: options.memoryLimit }),
      });
      exit = await watch(execution, limit, options);
    }
    if (limit.isKilled()) return { kind: 'killed' };
    if (limit.timedOut || exit === undefined) return { kind: 'failed', message: limit.message };
    const outcome = await provider.inspect({ ...attempt, signal }, exit);
    if (!outcome.ok)
      return limit.isKilled() ? { kind: 'killed' } : { kind: 'failed', message: outcome.message };
    return outcome.size === undefined ? { kind: 'success' } : { kind: 'success', size: outcome.size };
  } catch (error) {
    if (limit.isKilled()) return { kind: 'killed' };
    return { kind: 'failed', message: limit.timedOut ? limit.message : messageOf(error) };
  } finally {
    limit.lift();
  }
}

/** Sees one command through to its end. */
async function watch(execution: Execution, limit: Limit, options: AttemptOptions): Promise<ExitResult> {
  options.onExecution(execution.handle);
  limit.watch(execution);
  const exit = await execution.exit;
  limit.watch(undefined);
  options.onExecution(null);
  try {
    await options.executor.cleanup(execution.handle);
  } catch (error) {
    options.warn(`cannot clear up after a command: ${messageOf(error)}`);
  }
  return exit;
}

/** Ends the command under way when the time is up or the run is being ended, whichever comes first. */
class Limit {
  readonly message: string;
  timedOut = false;
  readonly #options: AttemptOptions;
  readonly #timer;
  #execution: Execution | undefined;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.message = `${options.mirror} timeout after ${goDuration(options.timeoutSeconds)}`;
    if (options.timeoutSeconds > 0) {
      this.#timer = options.clock.after(options.timeoutSeconds * 1000, () => {
        this.timedOut = true;
        this.#end();
      });
    }
    options.signal.addEventListener('abort', this.#end);
  }

  isKilled(): boolean {
    return this.#options.signal.aborted;
  }

  get reached(): boolean {
    return this.timedOut || this.isKilled();
  }

  watch(execution: Execution | undefined): void {
    this.#execution = execution;
    if (this.reached) this.#end();
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
