import { execFile } from 'node:child_process';
import { messageOf } from '@tunasync/protocol';
import { RunLogError } from '../base/run-log-error.js';

/**
 * Gives a part of a file back to the disk: it reads as NULs from then on, and no offset changes, so that a program that
 * appends to the file is not disturbed.
 */
export type PunchHole = (file: string, offset: number, length: number) => Promise<void>;

/**
 * Punches holes with fallocate(1) of util-linux.
 *
 * @param env - its `PATH` finds the program
 */
export function fallocatePunchHole(env: Readonly<Record<string, string | undefined>>): PunchHole {
  return (file, offset, length) =>
    new Promise((resolve, reject) => {
      const args = ['--punch-hole', '--offset', String(offset), '--length', String(length), file];
      execFile('fallocate', args, { env }, (error, _, stderr) => {
        if (error === null) {
          resolve();
          return;
        }
        const why = error.code === 'ENOENT' ? 'there is no program fallocate (util-linux)' : stderr.trim();
        reject(
          new RunLogError('RUN_LOG_WRITE_FAILED', `cannot shorten ${file}: ${why || messageOf(error)}`, {}),
        );
      });
    });
}
