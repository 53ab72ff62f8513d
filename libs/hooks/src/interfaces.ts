import type { MirrorConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';

/**
 * The stages of a run in their order; post stages run the hooks in reverse. `resume` takes the place of `pre-exec`
 * when the command of an earlier process is resumed.
 */
export type HookStage = 'pre-job' | 'pre-exec' | 'resume' | 'post-exec' | 'post-success' | 'post-fail';

/** The run that a hook is called for. One object for a whole run; hooks may set `logFile`. */
export interface HookContext {
  readonly mirror: MirrorConfig;
  readonly logger: Logger;
  /** Number of the attempt, from 1; 0 during `pre-job`. */
  attempt: number;
  /**
   * The attempt's log file. The log limiter names it in `pre-exec`; renaming a failed log in `post-fail` changes it.
   * Empty before there is one.
   */
  logFile: string;
  /**
   * Aborted when the run is being stopped, so that a long hook may end early. The post stages of a stopped attempt
   * run with it aborted: a hook still does its work then, but should not take long.
   */
  readonly signal: AbortSignal;
}

/** Something that happens around a sync. Each method is optional; one that rejects ends the run as failed. */
export interface Hook {
  /** For messages. */
  readonly name: string;
  /**
   * Milliseconds for each stage of this hook once the run is being stopped; then it is given up.
   * @defaultValue the limit of the runner of the hooks
   */
  readonly stopLimitMs?: number;
  /** Once a run, before the first attempt. */
  preJob?(context: HookContext): Promise<void>;
  /** Before each attempt. */
  preExec?(context: HookContext): Promise<void>;
  /** Instead of {@link preExec}, when an attempt of an earlier process is resumed; cannot fail the run. */
  resume?(context: HookContext): Promise<void>;
  /** After each attempt, whatever came of it. */
  postExec?(context: HookContext): Promise<void>;
  /** After a good attempt. */
  postSuccess?(context: HookContext): Promise<void>;
  /** After each failed or stopped attempt. */
  postFail?(context: HookContext): Promise<void>;
}

/** A kind of hook. */
export interface HookPlugin {
  readonly name: string;
  /**
   * The mirror's hooks of this kind, in order; undefined (or none) when its configuration asks for none.
   *
   * @throws a `TunasyncError` that says what is wrong with the mirror's configuration
   */
  create(mirror: MirrorConfig): Hook | readonly Hook[] | undefined;
}
