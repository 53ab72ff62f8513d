import type { ExitResult } from '@tunasync/executors';
import type { FailureReason } from '../plugin/interfaces.js';

/** Why a command failed, by its end alone. Source of 126 and 127: POSIX shell, "Exit Status for Commands". */
export function failureReason({ code, signal, outOfMemory }: ExitResult): FailureReason {
  if (outOfMemory === true) return 'out-of-memory';
  if (signal !== null) return 'signal';
  if (code === null) return 'end-not-seen';
  return code === 126 || code === 127 ? 'not-runnable' : 'exit-code';
}
