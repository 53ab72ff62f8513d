import { access } from 'node:fs/promises';

/** Whether an error carries the system code `code`, such as `EACCES`. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Whether an error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR');
}

/** Whether a file or folder exists. A path that cannot be examined, e.g. for lack of permission, counts as existing. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}
