import { posix } from 'node:path';
import { undoOctalEscapes } from '@tunasync/util';
import { CgroupError } from './cgroup-error.js';

/** Version of the kernel's cgroup interface. */
export type CgroupVersion = 1 | 2;

/** Where cgroups are mounted. */
export interface Hierarchy {
  version: CgroupVersion;
  mountPoint: string;
  /** Path of the cgroup that is seen at the mount point; `/` but in some containers. */
  root: string;
  /** This process's own cgroup as `/proc/self/cgroup` has it. */
  own: string;
}

/** A mounted file system. */
interface Mount {
  root: string;
  mountPoint: string;
  type: string;
  superOptions: string[];
}

/** Source: proc(5), `/proc/pid/mountinfo`. */
function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after] = line.split(' - ');
    const [, , , root, mountPoint] = before.split(' ');
    const [type, , superOptions = ''] = after?.split(' ') ?? [];
    if (root === undefined || mountPoint === undefined || type === undefined) return [];
    return [
      {
        root: undoOctalEscapes(root),
        mountPoint: undoOctalEscapes(mountPoint),
        type,
        superOptions: superOptions.split(','),
      },
    ];
  });
}

/** Lines are `id:controllers:path`, with no controllers for version 2. Source: cgroups(7). */
function ownPath(text: string, version: CgroupVersion): string | undefined {
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(.*)$/.exec(line);
    if (match === null) continue;
    const [, id, controllers = '', path] = match;
    const fits = version === 2 ? id === '0' && controllers === '' : controllers.split(',').includes('memory');
    if (fits) return path;
  }
  return undefined;
}

/**
 * Finds the hierarchy for jobs: that of version 1 with the memory controller where it is mounted (so on hybrid
 * machines too, whose version 2 has no memory controller), else that of version 2.
 *
 * @param mountInfo - `/proc/self/mountinfo`
 * @param ownCgroups - `/proc/self/cgroup`
 * @param version - only this one
 * @throws {@link CgroupError} when there is none
 */
export function findHierarchy(mountInfo: string, ownCgroups: string, version?: CgroupVersion): Hierarchy {
  const mounts = parseMounts(mountInfo);
  for (const candidate of version === undefined ? ([1, 2] as const) : [version]) {
    const own = ownPath(ownCgroups, candidate);
    const fitting = mounts.filter(({ type, superOptions }) =>
      candidate === 2 ? type === 'cgroup2' : type === 'cgroup' && superOptions.includes('memory'),
    );
    // one that shows everything rather than a part
    const mount = fitting.find(({ root }) => root === '/') ?? fitting[0];
    if (mount === undefined || own === undefined) continue;
    return { version: candidate, mountPoint: mount.mountPoint, root: mount.root, own };
  }
  throw new CgroupError(
    version === 1
      ? 'no cgroup v1 file system with the memory controller is mounted: mount one, or disable cgroup'
      : `no cgroup${version === 2 ? ' v2' : ''} file system is mounted: mount cgroup2 at /sys/fs/cgroup, or disable cgroup`,
  );
}

/**
 * Folder of this process's own cgroup.
 *
 * @throws {@link CgroupError} when it is not within what is mounted
 */
export function ownFolder({ mountPoint, root, own }: Hierarchy): string {
  const relative = posix.relative(root, own);
  if (own.split('/').includes('..') || relative === '..' || relative.startsWith('../')) {
    throw new CgroupError(
      `this process is in cgroup ${own}, which is not below what is mounted at ${mountPoint}: set cgroup.group`,
    );
  }
  return posix.join(mountPoint, relative);
}

/**
 * Folder of the cgroup that a configuration names, relative to what is mounted.
 *
 * @throws {@link CgroupError} when it would be elsewhere
 */
export function groupFolder({ mountPoint }: Hierarchy, group: string): string {
  if (group.includes('\0') || group.split('/').includes('..')) {
    throw new CgroupError(
      `cgroup.group "${group}" is not the path of a cgroup: expected one such as tunasync/jobs`,
    );
  }
  const folder = posix.join(mountPoint, group);
  return folder.length > 1 && folder.endsWith('/') ? folder.slice(0, -1) : folder;
}
