import { access, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explained, RunLogError, systemCode } from '../base/run-log-error.js';
import { runLogName } from '../base/run-log-name.js';

/** Options of {@link createRunLog}. */
export interface CreateRunLogOptions {
  /** Folder of the logs; made when it is missing. */
  dir: string;
  /** Mirror name. */
  mirror: string;
  /** Start of the attempt, milliseconds since the Unix epoch. */
  now: number;
}

/** The most attempts in one minute; more mean that something else is wrong. */
const mostPerMinute = 10_000;

/** The room that a log needs, in bytes: a disk with less counts as full. */
const leastRoom = 64 * 1024;

/**
 * Creates an empty log file for this attempt alone, also when several attempts start in one minute. Other users
 * may read it.
 *
 * @returns its path
 * @throws {@link RunLogError} `RUN_LOG_DISK_FULL` when there is no room for a log (64 KiB), which a run can do
 * without; `RUN_LOG_CREATE_FAILED`
 */
export async function createRunLog(options: CreateRunLogOptions): Promise<string> {
  try {
    return await create(options);
  } catch (error) {
    if (!(error instanceof RunLogError) || !isFull(error.cause)) throw error;
    throw new RunLogError('RUN_LOG_DISK_FULL', `no room for a log in ${options.dir}`, { cause: error.cause });
  }
}

/** Whether a disk, or the user's share of it, is full. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '');
}

async function create({ dir, mirror, now }: CreateRunLogOptions): Promise<string> {
  return explained('RUN_LOG_CREATE_FAILED', `cannot make a log in ${dir}`, async () => {
    for (let n = 1; n <= mostPerMinute; n++) {
      const path = join(dir, runLogName(mirror, new Date(now), n));
      // a failed attempt's log was renamed; its former name must stay free for it nevertheless
      if (!(await exists(`${path}.fail`)) && (await createExclusively(path, dir))) return path;
    }
    throw new RunLogError(
      'RUN_LOG_CREATE_FAILED',
      `${mirror} has ${mostPerMinute} logs of this minute in ${dir}`,
    );
  });
}

// a name that cannot be examined counts as free: making the log then says what is wrong
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
    await createWithRoom(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (systemCode(error) !== 'ENOENT' || !mayLackFolder) throw error;
    await mkdir(dir, { recursive: true, mode: 0o755 });
    return createExclusively(path, dir, false);
  }
}

/** Makes an empty file that can be written to: a full disk often still takes new names. */
async function createWithRoom(path: string): Promise<void> {
  // the mode is that of tunasync v0.10
  const handle = await open(path, 'wx', 0o644);
  try {
    await handle.writeFile(Buffer.alloc(leastRoom));
    await handle.truncate(0);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
