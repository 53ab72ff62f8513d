import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '@tunasync/util';

/** Tells how many bytes may still be written where `folder` is, or will be. Rejects when that cannot be found out. */
export type FreeSpaceProbe = (folder: string) => Promise<number>;

/** Asks the file system of a folder, or of the nearest one above it that exists; what is reserved for root is not free. */
export const freeSpace: FreeSpaceProbe = async (folder) => {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if (!isMissing(error) || dirname(path) === path) throw error;
    }
  }
};
