import { dirname } from 'node:path';
import type { MirrorConfig } from '@tunasync/config';
import type { ContainerSettings, Execution, ExecutionHandle, Executor } from '@tunasync/executors';
import type { HookContext, HookStage } from '@tunasync/hooks';
import type { Logger } from '@tunasync/logger';
import { messageOf, TunasyncError, type Clock } from '@tunasync/protocol';
import type { Progress, Provider, RunFacts } from '@tunasync/providers';
import { sleep } from '@tunasync/util';
import type { RunState } from '../interfaces/job-record.js';
import type { AttemptFacts, RunReason } from '../interfaces/run-reason.js';
import { retryDelayMs, type RetryDelay } from './retry-delay.js';
import { runAttempt, type AttemptEnd, type CommandState } from './run-attempt.js';

/** Runs a mirror's hooks of one stage; rejects with `error exec hook <stage>: <why>`. */
export interface RunHooks {
  run(stage: HookStage, context: HookContext): Promise<void>;
}

/** How a run ended. */
export interface RunEnd extends AttemptFacts {
  readonly status: 'success' | 'failed' | 'killed';
  /** Why it failed, else empty. */
  readonly message: string;
  /** Human size when the provider could tell it. */
  readonly size?: string | undefined;
  readonly logFile: string;
}

/** What a run tells while it is under way. Called synchronously; must not throw. */
export interface RunObserver {
  /** An attempt is being prepared. */
  attemptBegins(attempt: number): void;
  /** Its hooks are done: a command is about to be run. */
  syncing(attempt: number, logFile: string): void;
  /** An attempt is over. After a failed one `retryInMs` says when the next one begins; absent: it was the last. */
  attemptEnded(attempt: number, end: AttemptEnd, logFile: string, retryInMs?: number): void;
  /** A command is about to be started, or runs; resolves when that is on disk. */
  command(state: CommandState): Promise<void>;
  /** How far the command under way is; at most once a second. */
  progressed(progress: Progress): void;
  /**
   * The upstream said to come back later: gives the slot back, waits and gets a slot again; resolves then, or as soon
   * as the signal is aborted.
   */
  refused(message: string, delayMs: number, signal: AbortSignal): Promise<void>;
}

/** What a run is made of. */
export interface RunOptions {
  mirror: MirrorConfig;
  provider: Provider;
  /** Attempts, at least 1. */
  attempts: number;
  hooks: RunHooks;
  executor: Executor;
  executorOf: (handle: ExecutionHandle) => Executor | undefined;
  container?: ContainerSettings | undefined;
  clock: Clock;
  logger: Logger;
  retryDelay: RetryDelay;
  random: () => number;
  newId: () => string;
  observer: RunObserver;
  /** What must be gone before anything is done; never rejects. */
  leftover?: Promise<void> | undefined;
  /** Go on with this one. */
  interrupted?: RunState | undefined;
}

/** Where output goes when no hook named a log file. */
const noLogFile = '/dev/null';

/**
 * One run of a mirror: the hooks in their order around up to `attempts` attempts
 * (the run process of docs/architecture.md, "Life of a sync").
 */
export class Run {
  /** Resolves when the run is over and nothing of it is left; never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #options: RunOptions;
  readonly #stop = new AbortController();
  readonly #context: HookContext;
  readonly #startedAt: number;
  /** Whether the upstream turned the last attempt away and is waited for. */
  #refused = false;
  #refusals = 0;
  #progress: Progress | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#context = {
      mirror: options.mirror,
      logger: options.logger,
      attempt: options.interrupted?.attempt ?? 0,
      logFile: options.interrupted?.logFile ?? '',
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

  /** Empty: there is none. */
  get #logFile(): string {
    return this.#context.logFile === noLogFile ? '' : this.#context.logFile;
  }

  async #run(): Promise<RunEnd> {
    try {
      return await this.#attempts();
    } catch (error) {
      if (this.#killed) return this.#end('killed', '', nothingRan('killed'));
      return this.#end('failed', messageOf(error), nothingRan('hook'));
    }
  }

  async #attempts(): Promise<RunEnd> {
    const { leftover, attempts } = this.#options;
    let { interrupted } = this.#options;
    if (leftover !== undefined && (await this.#killedBefore(leftover))) {
      return this.#end('killed', '', nothingRan('killed'));
    }
    if (this.#context.attempt === 0) await this.#stage('pre-job');
    for (let attempt = this.#firstAttempt; !this.#killed; attempt++) {
      this.#context.attempt = attempt;
      const end = await this.#attempt(attempt, interrupted);
      interrupted = undefined;
      if (end.kind === 'success') return { ...this.#end('success', '', end), size: end.size };
      if (end.kind === 'killed') return this.#end('killed', '', end);
      if (this.#refused) {
        attempt -= 1;
        await this.#waitForUpstream(end.message);
      } else if (attempt >= attempts) {
        return this.#end('failed', end.message, end);
      } else {
        await this.#waitToRetry(attempt, end);
      }
    }
    return this.#end('killed', '', nothingRan('killed'));
  }

  /** An attempt of which no command was begun is made anew, one that was over is followed by the next. */
  get #firstAttempt(): number {
    const { attempts, interrupted } = this.#options;
    if (interrupted === undefined || interrupted.attempt === 0) return 1;
    return interrupted.attemptStarted > 0 ? interrupted.attempt : Math.min(interrupted.attempt + 1, attempts);
  }

  #end(status: RunEnd['status'], message: string, end: AttemptFacts): RunEnd {
    const { reason, exitCode, facts, endedAt } = end;
    return { status, message, reason, exitCode, facts, endedAt, logFile: this.#logFile };
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

  async #attempt(attempt: number, interrupted: RunState | undefined): Promise<AttemptEnd> {
    const { attempts, observer } = this.#options;
    const end = await this.#execute(attempt, interrupted);
    this.#refused = isRefusal(end) && this.#mayWait();
    try {
      await this.#stage('post-exec', end);
      // a refusal is no failure
      if (!this.#refused) await this.#stage(end.kind === 'success' ? 'post-success' : 'post-fail', end);
    } catch (error) {
      const message = messageOf(error);
      observer.attemptEnded(attempt, { ...end, kind: 'failed', message, reason: 'hook' }, this.#logFile);
      throw error;
    }
    // one that is followed by another is told together with the time of that
    const last = end.kind !== 'failed' || attempt >= attempts || this.#killed;
    if (last && !this.#refused) observer.attemptEnded(attempt, end, this.#logFile);
    return end;
  }

  async #execute(attempt: number, interrupted: RunState | undefined): Promise<AttemptEnd> {
    const { mirror, observer } = this.#options;
    const handle = interrupted?.handle ?? null;
    if (handle === null) {
      observer.attemptBegins(attempt);
      await this.#stage('pre-exec');
      if (this.#killed) return { kind: 'killed', ...nothingRan('killed') };
      observer.syncing(attempt, this.#logFile);
    } else {
      // what fails is logged; the command runs all the same
      await this.#options.hooks.run('resume', this.#context).catch(() => undefined);
    }
    const logFile = this.#logFile === '' ? noLogFile : this.#logFile;
    const logDir = logFile === noLogFile ? mirror.logDir : dirname(logFile);
    return await runAttempt(
      { logFile, logDir },
      {
        ...this.#options,
        mirror: mirror.name,
        timeoutSeconds: mirror.timeoutSeconds,
        memoryLimit: mirror.memoryLimit,
        signal: this.#stop.signal,
        onCommand: (state) => observer.command(state),
        onRunning: (execution, command) => this.#watch(execution, command, logFile),
        warn: (message) => {
          this.#options.logger.warn(`${mirror.name}: ${message}`);
        },
      },
      interrupted && handle !== null ? { ...interrupted, handle } : undefined,
    );
  }

  /** Has the provider tell how far it is. */
  #watch(execution: Execution, command: number, logFile: string): (() => void) | undefined {
    const { clock, observer, provider } = this.#options;
    if (command === 0) this.#progress = undefined;
    const watch = provider.watch?.({
      logFile,
      command,
      earlier: this.#progress,
      clock,
      processes: () => execution.processes?.() ?? Promise.resolve([]),
      onProgress: (progress) => {
        this.#progress = progress;
        observer.progressed(progress);
      },
    });
    return watch?.stop.bind(watch);
  }

  async #waitToRetry(attempt: number, end: AttemptEnd): Promise<void> {
    if (this.#killed) return;
    const { clock, observer, random, retryDelay } = this.#options;
    const delay = retryDelayMs(retryDelay, attempt, random());
    observer.attemptEnded(attempt, end, this.#logFile, delay);
    await sleep(clock, delay, this.#stop.signal);
  }

  /** Whether an upstream that is busy is waited for still: an interval long, as then the run would be due again. */
  #mayWait(): boolean {
    const { clock, mirror } = this.#options;
    return !this.#killed && clock.now() - this.#startedAt < mirror.intervalMinutes * 60_000;
  }

  async #waitForUpstream(message: string): Promise<void> {
    const { observer, random, retryDelay } = this.#options;
    this.#refusals += 1;
    const delay = retryDelayMs(retryDelay, this.#refusals, random());
    await observer.refused(message, delay, this.#stop.signal);
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

function isRefusal(end: AttemptEnd): boolean {
  return end.kind === 'failed' && end.reason === 'upstream-refused';
}

function nothingRan(reason: RunReason, facts: RunFacts = {}): AttemptFacts {
  return { reason, exitCode: null, facts };
}
