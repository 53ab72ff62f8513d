import { randomUUID } from 'node:crypto';
import { rename, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathExists } from '@tunasync/util';
import { explained } from '../base/run-log-error.js';
import { failedName } from '../base/run-log-name.js';

/**
 * Renames the log of a failed attempt to `….log.fail`. One that has that name keeps it.
 *
 * @returns the path that the log has now
 * @throws `RUN_LOG_WRITE_FAILED`
 */
export async function markRunLogFailed(path: string): Promise<string> {
  const failed = failedName(path);
  if (path === failed) return path;
  await explained('RUN_LOG_WRITE_FAILED', `cannot mark ${path} as failed`, () => rename(path, failed));
  return failed;
}

/** The path that a log has now, which may have been marked as failed since its path was noted. */
export async function findRunLog(path: string): Promise<string> {
  for (const name of [path, failedName(path)]) {
    if (await pathExists(name)) return name;
  }
  return path;
}

/**
 * Points the link `latest` in `dir` to a log. The link is relative, and replaced atomically: it is never missing.
 *
 * @throws `RUN_LOG_WRITE_FAILED`
 */
export async function linkLatest(dir: string, path: string): Promise<void> {
  const link = join(dir, 'latest');
  await explained('RUN_LOG_WRITE_FAILED', `cannot link ${link}`, async () => {
    const temporary = join(dir, `.latest.${randomUUID()}`);
    await symlink(relative(dir, path), temporary);
    try {
      await rename(temporary, link);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}
