import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { messageOf, TunasyncError } from '@tunasync/protocol';

/** How configuration files are read; by default from the file system. */
export interface FileAccess {
  /** The text of a file. Rejects when it cannot be read. */
  readFile?: ((path: string) => Promise<string>) | undefined;
  /** Names of all entries of a folder. Rejects when it cannot be read. */
  listFolder?: ((path: string) => Promise<string[]>) | undefined;
}

/** The text of a UTF-8 file. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new TunasyncError('CONFIG_NOT_UTF8', 'the file is not UTF-8 text', { cause: error });
  }
}

/**
 * The text of a file that was found in a folder. What is not made to be read once, such as a named pipe, on which
 * reading would wait for ever, is refused; a link to `/dev/null`, which masks a name, is an empty file.
 */
export async function readFoundText(path: string): Promise<string> {
  const stats = await stat(path).catch(async (error: unknown) => {
    const target = isMissing(error) ? await readlink(path).catch(() => undefined) : undefined;
    if (target === undefined) throw error;
    throw new TunasyncError('CONFIG_LINK_BROKEN', `the link leads to '${target}', which does not exist`, {
      cause: error,
    });
  });
  const special = !stats.isFile() && !stats.isDirectory();
  if (special && (await realpath(path)) !== '/dev/null') {
    throw new TunasyncError('CONFIG_NOT_A_FILE', 'expected a file, found a pipe, socket or device');
  }
  return readText(path);
}

/** The names in a folder. */
export function listFolder(path: string): Promise<string[]> {
  return readdir(path);
}

/** Whether a file or folder is not there at all. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}

/** Why a file could not be read, in plain words. */
export function whyUnreadable(error: unknown): string {
  if (isMissing(error)) return 'the file does not exist';
  if (hasCode(error, 'EISDIR')) return 'expected a file, found a folder';
  if (hasCode(error, 'CONFIG_LINK_BROKEN') || hasCode(error, 'CONFIG_NOT_A_FILE')) return messageOf(error);
  if (hasCode(error, 'ELOOP')) return 'the link leads back to itself';
  return `the file cannot be read: ${reason(error)}`;
}

/** The message of a failed access, in plain words where there are some. */
export function reason(error: unknown): string {
  return hasCode(error, 'EACCES') || hasCode(error, 'EPERM') ? 'no permission' : messageOf(error);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
