import { HookError } from './hook-error.js';
import type { Hook, HookContext, HookStage } from './interfaces.js';

/** How a stage goes through the hooks. */
interface StageRule {
  method: 'preJob' | 'preExec' | 'postExec' | 'postSuccess' | 'postFail';
  order: 'forward' | 'reverse';
  /** Whether a hook that fails keeps the ones after it from being called. */
  stopsAtError: boolean;
}

/** Source: "Run process" and "Hooks" of tunasync v0.10's job description, but for what cleans up. */
const rules: Readonly<Record<HookStage, StageRule>> = {
  'pre-job': { method: 'preJob', order: 'forward', stopsAtError: true },
  'pre-exec': { method: 'preExec', order: 'forward', stopsAtError: true },
  // These two clean up: a hook that fails must not make another one leak.
  'post-exec': { method: 'postExec', order: 'reverse', stopsAtError: false },
  'post-success': { method: 'postSuccess', order: 'reverse', stopsAtError: true },
  'post-fail': { method: 'postFail', order: 'reverse', stopsAtError: false },
};

/** Runs a mirror's hooks, stage by stage. */
export class HookRunner {
  readonly #hooks: readonly Hook[];

  /** @param hooks - in the order of the pre stages */
  constructor(hooks: readonly Hook[]) {
    this.#hooks = [...hooks];
  }

  /**
   * Calls the hooks for a stage, one after the other: in their order for pre stages, in reverse for post stages.
   *
   * `pre-job`, `pre-exec` and `post-success` end at the first hook that fails; `post-exec` and `post-fail` go
   * through all hooks. When `pre-exec` fails, the hooks that were called before the failing one get their
   * `postExec` at once, so that they keep nothing: the caller runs no further stage.
   * Each failure is logged with the mirror's and the hook's name.
   *
   * @throws {@link HookError} for the first hook that failed
   */
  async run(stage: HookStage, context: HookContext): Promise<void> {
    const { order, stopsAtError } = rules[stage];
    const hooks = order === 'forward' ? this.#hooks : this.#hooks.toReversed();
    const done: Hook[] = [];
    let first: HookError | undefined;
    for (const hook of hooks) {
      const error = await call(hook, stage, context);
      first ??= error;
      if (error !== undefined && stopsAtError) break;
      done.push(hook);
    }
    if (first === undefined) return;
    if (stage === 'pre-exec') {
      for (const hook of done.toReversed()) await call(hook, 'post-exec', context);
    }
    throw first;
  }
}

/** Calls one hook; its failure is the result. */
async function call(hook: Hook, stage: HookStage, context: HookContext): Promise<HookError | undefined> {
  try {
    await hook[rules[stage].method]?.(context);
    return undefined;
  } catch (cause) {
    const error = new HookError(stage, hook.name, cause);
    const { logger, mirror } = context;
    logger.error(`${mirror.name}: ${error.message} (${hook.name})`, { mirror: mirror.name, hook: hook.name });
    return error;
  }
}
