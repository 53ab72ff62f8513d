import { dirname } from 'node:path';
import type { MirrorConfig } from '@tunasync/config';
import type { ExecutionHandle, Executor } from '@tunasync/executors';
import type { HookContext, HookStage } from '@tunasync/hooks';
import type { Logger } from '@tunasync/logger';
import { messageOf, TunasyncError, type Clock } from '@tunasync/protocol';
import type { Provider } from '@tunasync/providers';
import { pause } from './pause.js';
import { retryDelayMs, type RetryDelay } from './retry-delay.js';
import { runAttempt, type AttemptEnd } from './run-attempt.js';

/** Runs a mirror's hooks of one stage; rejects with `error exec hook <stage>: <why>`. */
export interface RunHooks {
  run(stage: HookStage, context: HookContext): Promise<void>;
}

/** How a run ended. */
export type RunEnd =
  | { readonly status: 'success'; readonly size: string | undefined; readonly logFile: string }
  | { readonly status: 'failed'; readonly message: string; readonly logFile: string }
  | { readonly status: 'killed'; readonly logFile: string };

/** What a run tells while it is under way. Called synchronously; must not throw. */
export interface RunObserver {
  /** An attempt begins, counted from 1. */
  syncing(attempt: number): void;
  /** An attempt is over. After a failed one `retryInMs` says when the next one begins; absent: it was the last. */
  attemptEnded(attempt: number, end: AttemptEnd, logFile: string, retryInMs?: number): void;
  /** A command is under way, or (null) gone. */
  execution(handle: ExecutionHandle | null): void;
}

/** What a run is made of. */
export interface RunOptions {
  mirror: MirrorConfig;
  provider: Provider;
  /** Attempts, at least 1. */
  attempts: number;
  hooks: RunHooks;
  executor: Executor;
  clock: Clock;
  logger: Logger;
  retryDelay: RetryDelay;
  random: () => number;
  newId: () => string;
  observer: RunObserver;
  /** What must be gone before anything is done; never rejects. */
  leftover?: Promise<void> | undefined;
}

/** Where output goes when no hook named a log file. */
const noLogFile = '/dev/null';

/**
 * One run of a mirror: the hooks in their order around up to `attempts` attempts
 * (the run process of docs/architecture.md, "Jobs").
 */
export class Run {
  /** Resolves when the run is over and nothing of it is left; never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #options: RunOptions;
  readonly #stop = new AbortController();
  readonly #context: HookContext;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#context = {
      mirror: options.mirror,
      logger: options.logger,
      attempt: 0,
      logFile: '',
      signal: this.#stop.signal,
    };
    this.ended = this.#run();
  }

  /** Ends the run: kills what it runs and makes no further attempt; `post-exec` and `post-fail` still run. */
  kill(): void {
    this.#stop.abort();
  }

  get #killed(): boolean {
    return this.#stop.signal.aborted;
  }

  get #logFile(): string {
    return this.#context.logFile;
  }

  async #run(): Promise<RunEnd> {
    try {
      const { leftover } = this.#options;
      if (leftover !== undefined && (await this.#killedBefore(leftover))) {
        return { status: 'killed', logFile: this.#logFile };
      }
      await this.#stage('pre-job');
      for (let attempt = 1; !this.#killed; attempt++) {
        this.#context.attempt = attempt;
        const end = await this.#attempt(attempt);
        if (end.kind === 'success') return { status: 'success', size: end.size, logFile: this.#logFile };
        if (end.kind === 'killed') break;
        if (attempt >= this.#options.attempts) {
          return { status: 'failed', message: end.message, logFile: this.#logFile };
        }
        await this.#waitToRetry(attempt, end);
      }
      return { status: 'killed', logFile: this.#logFile };
    } catch (error) {
      if (this.#killed) return { status: 'killed', logFile: this.#logFile };
      return { status: 'failed', message: messageOf(error), logFile: this.#logFile };
    }
  }

  /** Waits for something, but no longer than until the run is killed; whether it was. */
  async #killedBefore(wanted: Promise<void>): Promise<boolean> {
    const { signal } = this.#stop;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done);
      void wanted.then(done);
    });
    return signal.aborted;
  }

  async #attempt(attempt: number): Promise<AttemptEnd> {
    const { attempts, observer } = this.#options;
    const end = await this.#execute(attempt);
    try {
      await this.#stage('post-exec', end);
      await this.#stage(end.kind === 'success' ? 'post-success' : 'post-fail', end);
    } catch (error) {
      observer.attemptEnded(attempt, { kind: 'failed', message: messageOf(error) }, this.#logFile);
      throw error;
    }
    // one that is followed by another is told together with the time of that
    if (end.kind !== 'failed' || attempt >= attempts || this.#killed) {
      observer.attemptEnded(attempt, end, this.#logFile);
    }
    return end;
  }

  async #execute(attempt: number): Promise<AttemptEnd> {
    const { mirror, observer } = this.#options;
    await this.#stage('pre-exec');
    if (this.#killed) return { kind: 'killed' };
    observer.syncing(attempt);
    const logFile = this.#logFile === '' ? noLogFile : this.#logFile;
    const logDir = logFile === noLogFile ? mirror.logDir : dirname(logFile);
    return await runAttempt(
      { logFile, logDir },
      {
        mirror: mirror.name,
        provider: this.#options.provider,
        executor: this.#options.executor,
        clock: this.#options.clock,
        timeoutSeconds: mirror.timeoutSeconds,
        memoryLimit: mirror.memoryLimit,
        signal: this.#stop.signal,
        newId: this.#options.newId,
        onExecution: (handle) => {
          observer.execution(handle);
        },
        warn: (message) => {
          this.#options.logger.warn(`${mirror.name}: ${message}`);
        },
      },
    );
  }

  async #waitToRetry(attempt: number, end: AttemptEnd): Promise<void> {
    if (this.#killed) return;
    const { clock, observer, random, retryDelay } = this.#options;
    const delay = retryDelayMs(retryDelay, attempt, random());
    observer.attemptEnded(attempt, end, this.#logFile, delay);
    await pause(clock, delay, this.#stop.signal);
  }

  async #stage(stage: HookStage, end?: AttemptEnd): Promise<void> {
    try {
      await this.#options.hooks.run(stage, this.#context);
    } catch (error) {
      const after = end?.kind === 'failed' ? ` (after: ${end.message})` : '';
      throw new TunasyncError('WORKER_HOOK_FAILED', `${messageOf(error)}${after}`, { cause: error });
    }
  }
}
