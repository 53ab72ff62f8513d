import type { ExecutionContext, ExitResult } from '../executor/interfaces.js';
import type { ProcessSet } from '../process/process-set.js';
import type { ForeseenHandle } from './host-handle.js';

/** What holds the commands of an executor besides their process groups, such as a cgroup for each. */
export interface Containment {
  /** What {@link place} will add to the handle, as far as it is known before. Touches nothing. */
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

/** What holds one command. */
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
