import type { MirrorConfig } from '@tunasync/config';
import { execHooks, type ExecHooksOptions } from './exec-hooks.js';
import type { Hook, HookPlugin } from './interfaces.js';
import { logLimiter, type LogLimiterOptions } from './log-limiter.js';

/** What {@link builtInHooks} is told. */
export type BuiltInHooksOptions = LogLimiterOptions & ExecHooksOptions;

/**
 * The kinds of hooks that every worker has, in their order: the log limiter first, so that the others have a log
 * file and it is renamed after all of them; the exec hooks last, so that they are the first after an attempt.
 */
export function builtInHooks(options: BuiltInHooksOptions): HookPlugin[] {
  return [logLimiter(options), execHooks(options)];
}

/**
 * The hooks that a mirror's configuration asks for, in the order of the plug-ins; for a {@link HookRunner}.
 *
 * @throws a `TunasyncError` that says what a plug-in finds wrong with the mirror's configuration
 */
export function createHooks(plugins: readonly HookPlugin[], mirror: MirrorConfig): Hook[] {
  return plugins.flatMap((plugin) => plugin.create(mirror) ?? []);
}
