import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** A log that is open for reading. */
export interface OpenLog {
  handle: FileHandle;
  /** Bytes. */
  size: number;
  /** Tells a file from another one of the same name. */
  identity: string;
}

/** Neither a link that leads elsewhere nor a pipe that never ends is a log. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens a log; undefined when it is gone, or no file. Rejects with what else opening fails with. */
export async function openLog(file: string): Promise<OpenLog | undefined> {
  let handle;
  try {
    handle = await open(file, flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO') return undefined;
    throw error;
  }
  const stats = await handle.stat();
  if (stats.isFile()) return { handle, size: stats.size, identity: `${stats.dev}:${stats.ino}` };
  await handle.close();
  return undefined;
}
