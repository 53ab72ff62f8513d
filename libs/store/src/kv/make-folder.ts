import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrorCode } from '@tunasync/util';

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never returns where the file system says that a
 * folder is not there right after it said that it cannot be made, as below `/proc`.
 *
 * @param path - absolute
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  let folder = path;
  for (; !(await exists(folder)); folder = dirname(folder)) missing.unshift(folder);
  for (const next of missing) {
    await mkdir(next).catch((error: unknown) => {
      // another process created it first
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // the root is always there
    if (hasErrorCode(error, 'ENOENT') && dirname(path) !== path) return false;
    throw error;
  }
}
