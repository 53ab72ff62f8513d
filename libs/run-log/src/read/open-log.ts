import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../base/run-log-error.js';

/** A log that is open for reading; its owner closes `handle`. */
export interface OpenLog {
  handle: FileHandle;
  /** Bytes. */
  size: number;
  /** Bytes that it takes on the disk: less than `size` when its middle was given back. */
  allocated: number;
  /** Distinguishes files of the same name. */
  identity: string;
}

/** Opens for reading, and does not wait for a writer at a pipe. */
export const readFlags = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Opens a log; undefined when it is gone, or no file: neither a link that leads elsewhere nor a pipe or a device is
 * a log. Rejects with what else opening fails with.
 */
export async function openLog(file: string): Promise<OpenLog | undefined> {
  let handle;
  try {
    handle = await open(file, readFlags | constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
  try {
    const stats = await handle.stat();
    if (stats.isFile()) {
      const { blocks, dev, ino, size } = stats;
      return { handle, size, allocated: blocks * blockSize, identity: `${dev}:${ino}` };
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

/** Unit of `blocks` in a file's facts, in bytes. Source: stat(2). */
export const blockSize = 512;
