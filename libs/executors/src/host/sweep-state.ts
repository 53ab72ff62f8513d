import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '@tunasync/util';

/**
 * Removes files of an executor's state folder that belong to executions no longer needed: a crash can come between
 * the end of a command and its `cleanup`.
 *
 * @param stateDir - of the executors; no other process may be using it
 * @param ids - executions that may still be needed
 * @returns the number of files removed
 */
export async function sweepState(stateDir: string, ids: ReadonlySet<string>): Promise<number> {
  let names: string[];
  try {
    names = await readdir(stateDir);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 0;
    throw error;
  }
  // every file is named after its execution: `<id>.<kind>`
  const stale = names.filter((name) => /^[0-9a-f-]{36}\./.test(name) && !ids.has(name.slice(0, 36)));
  await Promise.all(stale.map((name) => rm(join(stateDir, name), { force: true })));
  return stale.length;
}
