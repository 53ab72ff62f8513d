import type { ChildProcess } from 'node:child_process';
import type { ExitResult } from '../executor/interfaces.js';
import { readExitRecord, signalled } from './exit-record.js';

/** The result when no process saw the end. */
export const unknownEnd: ExitResult = { code: null, signal: null };

/**
 * The command's result for the launcher's exit code. Codes above 128 are ambiguous: the record distinguishes an
 * exit code from a death by signal. Without a record they have their usual meaning, a signal.
 */
export async function resultOfLauncher(code: number, exitFile: string): Promise<ExitResult> {
  if (code <= 128) return { code, signal: null };
  return (await readExitRecord(exitFile)) ?? signalled(code);
}

/** How a launcher that this process started ends. Never rejects. */
export function endOfLauncher(child: ChildProcess, exitFile: string): Promise<ExitResult> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // null: the launcher itself was killed
      resolve(code === null ? { code, signal } : resultOfLauncher(code, exitFile));
    });
  });
}
