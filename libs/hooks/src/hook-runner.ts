import { messageOf, systemClock, TunasyncError, type Clock, type ClockTimer } from '@tunasync/protocol';
import { HookError } from './hook-error.js';
import type { Hook, HookContext, HookStage } from './interfaces.js';

/** How a stage goes through the hooks. */
interface StageRule {
  method: 'preJob' | 'preExec' | 'resume' | 'postExec' | 'postSuccess' | 'postFail';
  order: 'forward' | 'reverse';
  /** Whether a hook that fails keeps the ones after it from being called. */
  stopsAtError: boolean;
}

/** Source: "Run process" and "Hooks" of tunasync v0.10's job description, but for what cleans up. */
const rules: Readonly<Record<HookStage, StageRule>> = {
  'pre-job': { method: 'preJob', order: 'forward', stopsAtError: true },
  'pre-exec': { method: 'preExec', order: 'forward', stopsAtError: true },
  resume: { method: 'resume', order: 'forward', stopsAtError: false },
  // These two clean up: a hook that fails must not make another one leak.
  'post-exec': { method: 'postExec', order: 'reverse', stopsAtError: false },
  'post-success': { method: 'postSuccess', order: 'reverse', stopsAtError: true },
  'post-fail': { method: 'postFail', order: 'reverse', stopsAtError: false },
};

/** Options of {@link HookRunner}. */
export interface HookRunnerOptions {
  /** @defaultValue the machine's */
  clock?: Clock;
  /**
   * Milliseconds that a hook may take in a run that is being stopped, unless it has a {@link Hook.stopLimitMs}.
   * @defaultValue 10000
   */
  stopLimitMs?: number;
}

/** Runs a mirror's hooks, stage by stage. */
export class HookRunner {
  readonly #hooks: readonly Hook[];
  readonly #clock: Clock;
  readonly #stopLimitMs: number;

  /** @param hooks - in the order of the pre stages */
  constructor(hooks: readonly Hook[], options: HookRunnerOptions = {}) {
    this.#hooks = [...hooks];
    this.#clock = options.clock ?? systemClock;
    this.#stopLimitMs = options.stopLimitMs ?? 10_000;
  }

  /**
   * Calls the hooks for a stage, one after the other: in their order for pre stages, in reverse for post stages.
   *
   * `pre-job`, `pre-exec` and `post-success` end at the first hook that fails; `post-exec` and `post-fail` go
   * through all hooks. When `pre-exec` fails, the hooks that were called before the failing one get their
   * `postExec` immediately, so that they keep nothing: the caller runs no further stage. Each failure is logged
   * with the mirror's and the hook's name.
   *
   * Once the run is being stopped, a hook that does not end in time is given up, which counts as its failure. It
   * continues if it can, but nothing waits for it.
   *
   * @throws {@link HookError} for the first hook that failed
   */
  async run(stage: HookStage, context: HookContext): Promise<void> {
    const { order, stopsAtError } = rules[stage];
    const hooks = order === 'forward' ? this.#hooks : this.#hooks.toReversed();
    const done: Hook[] = [];
    let first: HookError | undefined;
    for (const hook of hooks) {
      const error = await this.#call({ hook, stage, context });
      first ??= error;
      if (error !== undefined && stopsAtError) break;
      done.push(hook);
    }
    if (first === undefined) return;
    if (stage === 'pre-exec') {
      for (const hook of done.toReversed()) await this.#call({ hook, stage: 'post-exec', context });
    }
    throw first;
  }

  /** Calls one hook; its failure is the result. */
  async #call({ hook, stage, context }: Call): Promise<HookError | undefined> {
    const { logger, mirror } = context;
    const where = { mirror: mirror.name, hook: hook.name };
    try {
      const limitMs = hook.stopLimitMs ?? this.#stopLimitMs;
      const work = Promise.resolve(hook[rules[stage].method]?.(context));
      if ((await this.#inTime(work, limitMs, context.signal)) !== late) return undefined;
      work.catch((error: unknown) => {
        logger.warn(`${mirror.name}: ${hook.name}, which was given up, failed: ${messageOf(error)}`, where);
      });
      const why = `gave up waiting for ${hook.name}, which did not end within ${limitMs / 1000} s of the stop`;
      const error = new HookError(stage, hook.name, new TunasyncError('HOOK_GIVEN_UP', why));
      logger.warn(`${mirror.name}: ${error.message}`, where);
      return error;
    } catch (cause) {
      const error = new HookError(stage, hook.name, cause);
      logger.error(`${mirror.name}: ${error.message} (${hook.name})`, where);
      return error;
    }
  }

  /** Waits for a hook without a limit, but for at most `limitMs` once the run is being stopped. */
  async #inTime(work: Promise<void>, limitMs: number, signal: AbortSignal): Promise<typeof late | undefined> {
    let timer: ClockTimer | undefined;
    let arm = (): void => undefined;
    const limit = new Promise<typeof late>((resolve) => {
      arm = () => {
        timer = this.#clock.after(limitMs, () => {
          resolve(late);
        });
      };
    });
    if (signal.aborted) arm();
    else signal.addEventListener('abort', arm, { once: true });
    try {
      return (await Promise.race([work, limit])) ?? undefined;
    } finally {
      timer?.cancel();
      signal.removeEventListener('abort', arm);
    }
  }
}

interface Call {
  hook: Hook;
  stage: HookStage;
  context: HookContext;
}

/** The result of a hook that did not end in time. */
const late = Symbol('late');
