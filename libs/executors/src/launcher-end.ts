import type { ChildProcess } from 'node:child_process';
import { readExitRecord, signalled } from './exit-record.js';
import type { ExitResult } from './interfaces.js';

/** Nobody saw the end. */
export const unknownEnd: ExitResult = { code: null, signal: null };

/** How a launcher that this process started ends. */
export function endOfLauncher(child: ChildProcess, exitFile: string): Promise<ExitResult> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // the launcher itself was killed, or it passes an exit code on that cannot stand for a signal
      if (code === null || code <= 128) resolve({ code, signal });
      // a record that could not be written leaves the usual meaning
      else resolve(readExitRecord(exitFile).then((result) => result ?? signalled(code)));
    });
  });
}
