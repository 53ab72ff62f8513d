import { execFile } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, TunasyncError } from '@tunasync/protocol';
import { tempDir } from './temp-dir.js';

const run = promisify(execFile);

/** A mounted btrfs; `await using` unmounts it and removes what it was in. */
export interface BtrfsVolume extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  /** Unmounts and removes it; repeated calls change nothing. */
  remove(): Promise<void>;
}

/** The smallest that mkfs.btrfs makes without special options is 109 MiB. */
const bytes = 120 * 1024 * 1024;

/**
 * Makes a real btrfs in a file, mounted through a loop device. Needs root.
 *
 * @param options - mount options. @defaultValue none
 * @throws {@link TunasyncError} `BTRFS_VOLUME_FAILED` when the programs, the privilege or the kernel's btrfs is missing
 */
export async function btrfsVolume(options = ''): Promise<BtrfsVolume> {
  const folder = await tempDir('btrfs-');
  const image = join(folder.path, 'image');
  const path = join(folder.path, 'volume');
  try {
    const handle = await open(image, 'w');
    await handle.truncate(bytes);
    await handle.close();
    await mkdir(path);
    await run('mkfs.btrfs', ['--quiet', image]);
    // the loop device goes away by itself with the mount
    await run('mount', ['-t', 'btrfs', '-o', ['loop', options].filter(Boolean).join(','), image, path]);
  } catch (error) {
    await folder.remove();
    throw new TunasyncError('BTRFS_VOLUME_FAILED', `cannot make a btrfs: ${messageOf(error)}`, {
      cause: error,
    });
  }
  let removed: Promise<void> | undefined;
  const remove = (): Promise<void> => (removed ??= run('umount', [path]).then(() => folder.remove()));
  return { path, remove, [Symbol.asyncDispose]: remove };
}
