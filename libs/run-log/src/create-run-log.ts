import { access, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { explained, RunLogError, systemCode } from './run-log-error.js';
import { runLogName } from './run-log-name.js';

/** What {@link createRunLog} needs. */
export interface CreateRunLogOptions {
  /** Folder of the logs; made when it is missing. */
  dir: string;
  /** Mirror name. */
  mirror: string;
  /** Start of the attempt, milliseconds since the Unix epoch. */
  now: number;
}

/** So many attempts in one minute mean that something else is wrong. */
const mostPerMinute = 10_000;

/**
 * Makes an empty log file that is this attempt's alone, also when several attempts start in one minute.
 *
 * @returns its path
 * @throws {@link RunLogError} `RUN_LOG_CREATE_FAILED`
 */
export async function createRunLog({ dir, mirror, now }: CreateRunLogOptions): Promise<string> {
  return explained('RUN_LOG_CREATE_FAILED', `cannot make a log in ${dir}`, async () => {
    for (let n = 1; n <= mostPerMinute; n++) {
      const path = join(dir, runLogName(mirror, new Date(now), n));
      // a failed attempt's log has left its own name, which must stay free for it all the same
      if (!(await exists(`${path}.fail`)) && (await createExclusively(path, dir))) return path;
    }
    throw new RunLogError(
      'RUN_LOG_CREATE_FAILED',
      `${mirror} has ${mostPerMinute} logs of this minute in ${dir}`,
    );
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

async function createExclusively(path: string, dir: string, mayLackFolder = true): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (systemCode(error) !== 'ENOENT' || !mayLackFolder) throw error;
    await mkdir(dir, { recursive: true });
    return createExclusively(path, dir, false);
  }
}
