import { readFile, realpath, stat } from 'node:fs/promises';
import { TunasyncError } from '@tunasync/protocol';
import { hasErrorCode } from '@tunasync/util';
import type { HookPlugin } from './interfaces.js';
import { mountPoints } from './mount-points.js';
import { shellQuote } from './shell-quote.js';

/** Options of {@link zfsHook}. */
export interface ZfsHookOptions {
  /** `zfs.zpool`: the pool that the mirrors' datasets are in. */
  zpool: string;
  /** User that the worker runs as; another one than root must own the working folder. @defaultValue this process's */
  uid?: number;
  /** Where the kernel lists this process's mounts. @defaultValue `/proc/self/mountinfo` */
  mountInfoFile?: string;
}

/**
 * Lets a run begin only when the mirror's working folder exists and is a mount point, so that an unmounted dataset
 * is not mistaken for an empty mirror. The error message has the commands that create the dataset.
 */
export function zfsHook(options: ZfsHookOptions): HookPlugin {
  const { zpool, uid = process.getuid?.() ?? 0, mountInfoFile = '/proc/self/mountinfo' } = options;
  return {
    name: 'zfs',
    create({ name, workingDir }) {
      if (zpool === '')
        throw new TunasyncError('HOOK_CONFIG_INVALID', 'zfs.zpool: expected the name of a pool');
      const help = helpText(`${zpool}/${name}`.toLowerCase(), workingDir, uid);
      const refuse = (what: string, cause?: unknown): TunasyncError =>
        new TunasyncError('HOOK_ZFS_NOT_MOUNTED', `working folder ${workingDir} ${what}; ${help}`, { cause });
      return {
        name: 'zfs',
        async preJob() {
          const path = await realFolder(workingDir).catch((error: unknown) => {
            throw hasErrorCode(error, 'ENOENT') ? refuse('does not exist', error) : error;
          });
          if (path === undefined) throw refuse('is not a folder');
          if (!mountPoints(await readFile(mountInfoFile, 'utf8')).has(path))
            throw refuse('is not a mount point');
        },
      };
    },
  };
}

/** The folder's path without links, as the kernel lists it; undefined when it is not a folder. */
async function realFolder(path: string): Promise<string | undefined> {
  const real = await realpath(path);
  return (await stat(real)).isDirectory() ? real : undefined;
}

/** The commands that make the dataset, to be pasted into a shell. */
function helpText(dataset: string, workingDir: string, uid: number): string {
  const commands = [
    `zfs create ${shellQuote(dataset)}`,
    `zfs set mountpoint=${shellQuote(workingDir)} ${shellQuote(dataset)}`,
    ...(uid === 0 ? [] : [`chown ${uid} ${shellQuote(workingDir)}`]),
  ];
  return `you may create the ZFS dataset with: ${commands.join(' && ')}`;
}
