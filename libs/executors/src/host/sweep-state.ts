import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '@tunasync/util';

/**
 * Removes what is left in an executor's state folder of executions that nobody will ask for any more: a crash can
 * come between the end of a command and its `cleanup`.
 *
 * @param stateDir - of the executors; nobody else may be using it
 * @param ids - executions that may still be asked for
 * @returns how many files were removed
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
