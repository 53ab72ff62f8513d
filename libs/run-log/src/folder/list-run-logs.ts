import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explained, systemCode } from '../base/run-log-error.js';
import { parseRunLogName, type RunLogName } from '../base/run-log-name.js';
import { trimmedName, trimmedOf } from '../base/trimmed-name.js';
import { blockSize } from '../read/open-log.js';

/** A log of a mirror. */
export interface RunLog extends RunLogName {
  /** Path of the file. */
  file: string;
  /** Bytes. */
  size: number;
  /** Bytes that it takes on the disk: less than `size` when its middle was given back. */
  allocated: number;
  /** Last change, milliseconds since the Unix epoch. */
  mtime: number;
}

type NamedFile = RunLogName & { file: string };

/** The files in a folder: links, pipes and folders are no logs, whatever their names. */
async function namesIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A mirror's own logs by their names, newest first. */
function ownLogs(dir: string, mirror: string, names: readonly string[]): NamedFile[] {
  const own: NamedFile[] = [];
  for (const name of names) {
    const parsed = parseRunLogName(mirror, name);
    if (parsed !== undefined) own.push({ file: join(dir, name), ...parsed });
  }
  return own.sort((a, b) => (a.time === b.time ? b.n - a.n : a.time < b.time ? 1 : -1));
}

/**
 * All logs of a mirror and of no other, newest first by the time in their names. Empty when there is no such folder.
 *
 * @throws `RUN_LOG_READ_FAILED` when the folder cannot be read
 */
export async function listRunLogs(dir: string, mirror: string): Promise<RunLog[]> {
  return explained('RUN_LOG_READ_FAILED', `cannot list the logs in ${dir}`, async () => {
    const logs = await Promise.all(
      ownLogs(dir, mirror, await namesIn(dir)).map(async (log): Promise<RunLog[]> => {
        try {
          const facts = await lstat(log.file);
          if (!facts.isFile()) return [];
          const { blocks, mtimeMs, size } = facts;
          return [{ ...log, size, allocated: blocks * blockSize, mtime: mtimeMs }];
        } catch (error) {
          // pruned or renamed since the folder was read
          if (systemCode(error) === 'ENOENT') return [];
          throw error;
        }
      }),
    );
    return logs.flat();
  });
}

/**
 * Removes all logs of a mirror but its newest ones, and what a crash left of shortening one.
 *
 * @param keep - how many stay
 * @param current - a log that stays whatever its time, and counts as one of them: it is being written, and the clock may have been set back
 * @returns the logs that are gone
 * @throws `RUN_LOG_WRITE_FAILED` when one cannot be removed
 */
export async function pruneRunLogs(
  dir: string,
  mirror: string,
  keep: number,
  current?: string,
): Promise<string[]> {
  return explained('RUN_LOG_WRITE_FAILED', `cannot remove old logs in ${dir}`, async () => {
    const names = await namesIn(dir);
    const files = ownLogs(dir, mirror, names).map(({ file }) => file);
    const isCurrent = (file: string): boolean => current !== undefined && file === join(current);
    const ordered = [...files.filter(isCurrent), ...files.filter((file) => !isCurrent(file))];
    const old = ordered.slice(keep).filter((file) => !isCurrent(file));
    const unfinished = names
      .filter((name) => parseRunLogName(mirror, trimmedOf(name) ?? '') !== undefined)
      .map((name) => join(dir, name))
      .filter((file) => current === undefined || file !== trimmedName(join(current)));
    await Promise.all([...old, ...unfinished].map((file) => rm(file, { force: true })));
    return old;
  });
}
