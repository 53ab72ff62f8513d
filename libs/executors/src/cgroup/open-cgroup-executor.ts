import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import type { ExecutorOptions } from '../executor/executor-options.js';
import type { Executor } from '../executor/interfaces.js';
import { LaunchingExecutor } from '../host/launching-executor.js';
import { launcherFile } from '../launcher/launcher.js';
import { Markers } from '../launcher/marker.js';
import { openBase, type CgroupBase } from './cgroup-base.js';
import { CgroupContainment } from './cgroup-containment.js';
import { CgroupError } from './cgroup-error.js';
import { findHierarchy, type CgroupVersion, type Hierarchy } from './hierarchy.js';
import { JobCgroup } from './job-cgroup.js';

/** Name of the cgroup executor, in its handles. */
export const cgroupExecutorName = 'cgroup';

/** Options of {@link openCgroupExecutor}. */
export interface CgroupExecutorOptions extends ExecutorOptions {
  /**
   * Cgroup in which the jobs' cgroups are made, relative to the root of the hierarchy, with or without a leading
   * `/`. It must hold no processes, and no other worker may use it. Version 1: it must exist; version 2: it is
   * created.
   *
   * @defaultValue empty: the cgroup of this process, whose processes move into its child `__worker`
   */
  group?: string;
  /** @defaultValue 1 where a v1 hierarchy has the memory controller, else 2 */
  version?: CgroupVersion;
  /** Folder with `mountinfo` and `cgroup` of this process. @defaultValue `/proc/self` */
  procSelf?: string;
}

const runFile = promisify(execFile);

/**
 * Runs commands as {@link hostExecutor} does, each in a cgroup of its own, `<group>/<mirror>`: nothing that a command
 * starts can get away, and `memoryLimit` holds for all of it. The cgroup is removed after the command.
 *
 * Where memory cannot be limited (version 2 without the memory controller) a warning says so, and a command with a
 * `memoryLimit` is refused.
 *
 * @throws {@link CgroupError} `CGROUP_UNUSABLE` when no cgroup can be used; the message says what to do
 */
export async function openCgroupExecutor(options: CgroupExecutorOptions): Promise<Executor> {
  const {
    group = '',
    version,
    procSelf = '/proc/self',
    clock = systemClock,
    logger,
    shell = '/bin/sh',
  } = options;
  const base = await openBase(await readHierarchy(procSelf, version), group);
  await tryOut(base, shell, clock);
  if (base.noMemoryLimit !== undefined) {
    logger?.warn(`mirrors with a memory_limit will fail: ${base.noMemoryLimit}`);
  }
  const containment = new CgroupContainment({
    base,
    clock,
    markers: new Markers(options.stateDir),
    warn: (message) => logger?.warn(message),
  });
  return new LaunchingExecutor(cgroupExecutorName, options, containment);
}

async function readHierarchy(procSelf: string, version: CgroupVersion | undefined): Promise<Hierarchy> {
  let texts: [string, string];
  try {
    texts = await Promise.all([
      readFile(join(procSelf, 'mountinfo'), 'utf8'),
      readFile(join(procSelf, 'cgroup'), 'utf8'),
    ]);
  } catch (error) {
    throw new CgroupError(`cannot find the cgroups of this machine: ${messageOf(error)}: disable cgroup`, {
      cause: error,
    });
  }
  return findHierarchy(...texts, version);
}

/**
 * Has a launcher enter a cgroup below the base, then removes that cgroup: nothing else shows reliably whether it
 * can.
 */
async function tryOut({ path, version }: CgroupBase, shell: string, clock: Clock): Promise<void> {
  const cgroup = new JobCgroup(join(path, `__probe-${randomUUID()}`), version);
  const rights = `the worker's user must be able to write to ${path} and to enter cgroups below it`;
  try {
    await cgroup.create();
  } catch (error) {
    throw new CgroupError(`cannot make a cgroup: ${messageOf(error)}: ${rights}`, { cause: error });
  }
  try {
    await runFile(shell, [launcherFile, '-g', join(cgroup.path, 'cgroup.procs'), 'true'], {
      timeout: 10_000,
    });
  } catch (error) {
    const said = (error as { stdout?: string }).stdout?.split('\n')[0] || messageOf(error);
    throw new CgroupError(`cannot enter a cgroup: ${said}: ${rights}`, { cause: error });
  } finally {
    await cgroup.remove(clock).catch(() => undefined);
  }
}
