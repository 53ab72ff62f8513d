import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@tunasync/protocol';
import { ExecutorError } from '../executor/executor-error.js';

/** Memory, not a disk, on Linux. */
const preferred = '/dev/shm';

/**
 * Writes a text to a file without a name: every process that inherits its descriptor can read it, and a crash
 * leaves no file.
 *
 * @param folder - where to create it when there is no `/dev/shm`
 * @throws {@link ExecutorError}
 */
export async function namelessFile(text: string, folder: string): Promise<FileHandle> {
  let last: unknown;
  for (const place of [preferred, folder]) {
    try {
      return await write(text, place);
    } catch (error) {
      last = error;
    }
  }
  throw new ExecutorError(`cannot write the environment of a container: ${messageOf(last)}`, { cause: last });
}

async function write(text: string, folder: string): Promise<FileHandle> {
  const path = join(folder, `.tunasync-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    await file.write(text, 0, 'utf8');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
