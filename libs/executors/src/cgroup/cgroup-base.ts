import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { messageOf } from '@tunasync/protocol';
import { CgroupError } from './cgroup-error.js';
import { hasCgroupFile, readProcs, readWords, writeCgroupFile } from './cgroup-files.js';
import { groupFolder, ownFolder, type CgroupVersion, type Hierarchy } from './hierarchy.js';

/** Child of the worker's own cgroup that takes the worker and its like. Source: tunasync. */
const workerName = '__worker';

/** Rounds of moving processes before giving up: processes may fork while they are moved. */
const moveRounds = 100;

/** The cgroup in which the jobs' cgroups are made. */
export interface CgroupBase {
  version: CgroupVersion;
  path: string;
  /** Why no memory limit can be set there; undefined: it can. */
  noMemoryLimit: string | undefined;
}

/**
 * Makes ready the cgroup that a configuration names, or the worker's own.
 *
 * @param group - empty: the worker's own cgroup
 * @throws {@link CgroupError}
 */
export async function openBase(hierarchy: Hierarchy, group: string): Promise<CgroupBase> {
  const { version, mountPoint } = hierarchy;
  if (group !== '') {
    const path = groupFolder(hierarchy, group);
    await makeNamed(path, group, version);
    return { version, path, noMemoryLimit: version === 1 ? undefined : enableMemory(mountPoint, path) };
  }
  const own = ownFolder(hierarchy);
  // a worker that was started where an earlier one, or systemd's DelegateSubgroup, put it
  const path = basename(own) === workerName && own !== mountPoint ? dirname(own) : own;
  if (!isTop(path, version)) await moveAway(path);
  return { version, path, noMemoryLimit: version === 1 ? undefined : enableMemory(path, path) };
}

async function makeNamed(path: string, group: string, version: CgroupVersion): Promise<void> {
  const key = `cgroup.group "${group}"`;
  if (version === 2) {
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      throw new CgroupError(`${key}: cannot make ${path}: ${messageOf(error)}`, { cause: error });
    }
  } else if (
    !(await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    ))
  ) {
    throw new CgroupError(`${key}: ${path} does not exist: make it with mkdir before the worker starts`);
  }
  const pids = readProcs(path);
  if (pids.length === 0) return;
  const whose = pids.includes(process.pid)
    ? 'this worker itself is in it: leave cgroup.group empty, or start the worker elsewhere'
    : `expected a cgroup without processes, but it holds ${pids.length} (pid ${pids.slice(0, 5).join(', ')}): move them, or name another`;
  throw new CgroupError(`${key}: ${whose}`);
}

/** Whether it is the machine's topmost cgroup, in which processes and cgroups may be side by side. */
function isTop(path: string, version: CgroupVersion): boolean {
  return version === 1 ? hasCgroupFile(path, 'release_agent') : !hasCgroupFile(path, 'cgroup.events');
}

/** Moves all processes of a cgroup into a child of it. */
async function moveAway(path: string): Promise<void> {
  const target = join(path, workerName);
  try {
    await mkdir(target, { recursive: true });
  } catch (error) {
    throw new CgroupError(
      `cannot make the cgroup ${target}: ${messageOf(error)}: give the worker's cgroup to its user (systemd: Delegate=yes), or set cgroup.group`,
      { cause: error },
    );
  }
  for (let round = 0; round < moveRounds; round++) {
    const pids = readProcs(path);
    if (pids.length === 0) return;
    for (const pid of pids) move(pid, target);
  }
  throw new CgroupError(`cannot empty the cgroup ${path}: processes keep appearing in it: set cgroup.group`);
}

function move(pid: number, target: string): void {
  if (pid === 0) {
    throw new CgroupError(
      `cannot move a process of another PID namespace into the cgroup ${target}: set cgroup.group`,
    );
  }
  try {
    writeCgroupFile(target, 'cgroup.procs', pid);
  } catch (error) {
    // it has ended
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw new CgroupError(
      `cannot move process ${pid} into the cgroup ${target}: ${messageOf(error)}: set cgroup.group`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Hands the memory controller down, from one cgroup to the children of another below it.
 *
 * @returns why that cannot be; undefined when it is done
 */
function enableMemory(from: string, to: string): string | undefined {
  const between = relative(from, to)
    .split('/')
    .filter((part) => part !== '');
  let folder = from;
  for (const part of ['', ...between]) {
    folder = join(folder, part);
    if (readWords(folder, 'cgroup.subtree_control').includes('memory')) continue;
    if (!readWords(folder, 'cgroup.controllers').includes('memory')) {
      return `the cgroup v2 ${folder} has no memory controller (systemd: Delegate=yes; the kernel: cgroup_disable=)`;
    }
    try {
      writeCgroupFile(folder, 'cgroup.subtree_control', '+memory');
    } catch (error) {
      return `cannot enable the memory controller in the cgroup v2 ${folder}: ${messageOf(error)}`;
    }
  }
  return undefined;
}
