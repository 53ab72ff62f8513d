import { messageOf, TunasyncError } from '@tunasync/protocol';

/** Codes of {@link RunLogError}. */
export type RunLogErrorCode =
  | 'RUN_LOG_DISK_FULL'
  | 'RUN_LOG_CREATE_FAILED'
  | 'RUN_LOG_WRITE_FAILED'
  | 'RUN_LOG_READ_FAILED'
  | 'RUN_LOG_SCAN_ABORTED'
  | 'RUN_LOG_PATTERN_INVALID'
  | 'RUN_LOG_PATTERN_SLOW';

/** Something that went wrong with a run's log. */
export class RunLogError extends TunasyncError {
  declare readonly code: RunLogErrorCode;

  constructor(code: RunLogErrorCode, what: string, options: { cause?: unknown } = {}) {
    super(code, 'cause' in options ? `${what}: ${messageOf(options.cause)}` : what, options);
  }
}

/** Runs `work`; its failure becomes a {@link RunLogError} that begins with `what`. */
export async function explained<T>(code: RunLogErrorCode, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof RunLogError ? cause : new RunLogError(code, what, { cause });
  }
}

/** The `code` of a system error such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
