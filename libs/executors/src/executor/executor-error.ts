import { TunasyncError } from '@tunasync/protocol';

/** Codes of {@link ExecutorError}. */
export type ExecutorErrorCode = 'EXECUTOR_START_FAILED';

/** A command could not be started. */
export class ExecutorError extends TunasyncError {
  declare readonly code: ExecutorErrorCode;

  constructor(message: string, options: { cause?: unknown } = {}) {
    super('EXECUTOR_START_FAILED', message, options);
  }
}
