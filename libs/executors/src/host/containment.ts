import type { ExecutionContext, ExitResult } from '../executor/interfaces.js';
import type { ProcessSet } from '../process/process-set.js';
import type { ForeseenHandle } from './host-handle.js';

/** Holds the commands of an executor in addition to their process groups, for example in one cgroup each. */
export interface Containment {
  /** The details that {@link place} will add to the handle, as far as they are known before. Touches nothing. */
  foresee(context: ExecutionContext): Place['details'];
  /**
   * Makes the place for a command.
   *
   * @throws `ExecutorError` `EXECUTOR_START_FAILED`
   */
  place(context: ExecutionContext): Promise<Place>;
  /** The place of a command that an earlier process of this boot started; undefined when it is gone. */
  revive(handle: ForeseenHandle): Place | undefined;
}

/** The place of one command. */
export interface Place {
  /** Added to the handle. */
  readonly details: Readonly<Record<string, string | null>>;
  /** With these the launcher goes there. */
  readonly launcherOptions: readonly string[];
  /** Pids in it. */
  pids(): readonly number[];
  /** The processes in it, without those of a process group that is dealt with already. */
  members(group: number | undefined): ProcessSet;
  /** The command's result with what is known here. */
  judge(result: ExitResult): ExitResult;
  /** Removes the place, which is empty. */
  remove(): Promise<void>;
}
