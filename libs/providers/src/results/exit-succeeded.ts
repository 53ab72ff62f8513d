import type { ExitResult } from '@tunasync/executors';

/**
 * Whether a command ended well: with 0 or one of the allowed codes.
 *
 * @param allowed - exit codes that count as success besides 0, as `MirrorConfig.successExitCodes` has them
 */
export function exitSucceeded(exit: ExitResult, allowed: readonly number[]): boolean {
  return exit.signal === null && exit.code !== null && (exit.code === 0 || allowed.includes(exit.code));
}
