import type { ExecutionHandle, Executor } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import { messageOf } from '@tunasync/protocol';

/** What {@link endLeftover} must know. */
export interface LeftoverOptions {
  mirror: string;
  /** The command that was under way when the last worker process ended. */
  handle: ExecutionHandle;
  executor: Executor;
  logger: Logger;
}

/**
 * Ends a command that an earlier worker process started and did not see the end of (it crashed), so that there are
 * never two syncs of one mirror. Resolves when nothing of it is left; never rejects.
 */
export async function endLeftover({ mirror, handle, executor, logger }: LeftoverOptions): Promise<void> {
  try {
    const execution = await executor.attach(handle);
    if (execution !== undefined) {
      logger.notice(`${mirror}: ending what is left of a sync that was under way when the worker crashed`);
      await execution.terminate();
    }
    await executor.cleanup(handle);
  } catch (error) {
    logger.error(`${mirror}: cannot look for what is left of an earlier sync: ${messageOf(error)}`);
  }
}
