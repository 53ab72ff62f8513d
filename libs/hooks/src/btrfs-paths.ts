import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TunasyncError } from '@tunasync/protocol';
import { hasErrorCode } from '@tunasync/util';

/** `f_type` of a btrfs. Source: BTRFS_SUPER_MAGIC in statfs(2). */
const btrfsMagic = 0x9123683e;
/** Inode number of every subvolume's root. Source: BTRFS_FIRST_FREE_OBJECTID of the on-disk format. */
const subvolumeInode = 256;

/** The kind of file at a path, links followed. */
export type PathKind = 'missing' | 'subvolume' | 'folder' | 'file';

/** @throws the file system's error, unless nothing exists at the path */
export async function kindOf(path: string): Promise<PathKind> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return 'file';
    return found.ino === subvolumeInode && (await isOnBtrfs(path)) ? 'subvolume' : 'folder';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 'missing';
    throw error;
  }
}

async function isOnBtrfs(path: string): Promise<boolean> {
  // some platforms give the field as a signed number
  return (await statfs(path)).type >>> 0 === btrfsMagic;
}

/**
 * Checks the file system of a path whose last parts may be missing.
 *
 * @throws `TunasyncError` `HOOK_NOT_ON_BTRFS`
 */
export async function checkOnBtrfs(path: string): Promise<void> {
  let there = path;
  while ((await kindOf(there)) === 'missing' && dirname(there) !== there) there = dirname(there);
  if (await isOnBtrfs(there)) return;
  throw new TunasyncError(
    'HOOK_NOT_ON_BTRFS',
    `${path} is not on a btrfs file system, which btrfs_snapshot needs`,
  );
}
