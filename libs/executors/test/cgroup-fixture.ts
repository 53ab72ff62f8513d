import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from '@jest/globals';
import { systemClock } from '@tunasync/protocol';
import { tempDir, waitFor } from '@tunasync/test-utils';
import { readWords } from '../src/cgroup/cgroup-files.js';
import { findHierarchy, type CgroupVersion, type Hierarchy } from '../src/cgroup/hierarchy.js';
import { JobCgroup } from '../src/cgroup/job-cgroup.js';
import {
  openCgroupExecutor,
  type CgroupExecutorOptions,
  type CommandSpec,
  type ExecutionContext,
} from '../src/index.js';
import { isAlive, readProcessStat } from '../src/procfs/process-table.js';

/** This machine's hierarchy of a version; undefined when there is none in which cgroups can be made. */
export function machineHierarchy(version: CgroupVersion): Hierarchy | undefined {
  try {
    const hierarchy = findHierarchy(
      readFileSync('/proc/self/mountinfo', 'utf8'),
      readFileSync('/proc/self/cgroup', 'utf8'),
      version,
    );
    const probe = join(hierarchy.mountPoint, `tunasync-test-${randomUUID()}`);
    mkdirSync(probe);
    rmdirSync(probe);
    return hierarchy;
  } catch {
    return undefined;
  }
}

/** Declares tests for each version, or that they are skipped where this machine has not got it. */
export function forEachVersion(declare: (hierarchy: Hierarchy) => void): void {
  for (const version of [1, 2] as const) {
    const hierarchy = machineHierarchy(version);
    if (hierarchy !== undefined) declare(hierarchy);
    else
      test.skip(`cgroup v${version}: this machine has not got it, or cgroups cannot be made`, () =>
        undefined);
  }
}

/** Whether a hierarchy of version 2 has the memory controller. */
export function hasMemory({ mountPoint }: Hierarchy): boolean {
  return readWords(mountPoint, 'cgroup.controllers').includes('memory');
}

/** A cgroup for one test's jobs, a folder for its files, and executors over both. */
export async function cgroupBench({ version, mountPoint }: Hierarchy) {
  const folder = await tempDir();
  const path = join(mountPoint, `tunasync-test-${randomUUID()}`);
  mkdirSync(path);
  const warnings: string[] = [];
  const logFile = join(folder.path, 'run.log');
  const open = (options: Partial<CgroupExecutorOptions> = {}) =>
    openCgroupExecutor({
      stateDir: join(folder.path, 'state'),
      env: { PATH: process.env['PATH'] },
      logger: { warn: (message) => void warnings.push(message) },
      group: basename(path),
      version,
      ...options,
    });
  const executor = await open();
  let count = 0;
  const start = (script: string, more: Partial<ExecutionContext> = {}, spec: Partial<CommandSpec> = {}) =>
    executor.start(
      { argv: ['sh', '-c', script], cwd: folder.path, env: {}, logFile, ...spec },
      { mirror: 'debian', id: `debian-${++count}`, ...more },
    );
  return {
    folder: folder.path,
    path,
    group: basename(path),
    version,
    warnings,
    executor,
    open,
    start,
    log: () => readFileSync(logFile, 'utf8'),
    read: (name: string) => readFileSync(join(folder.path, name), 'utf8').trim(),
    ready: (name = 'ready') => waitFor(name, () => readFileSync(join(folder.path, name), 'utf8').length >= 0),
    async [Symbol.asyncDispose]() {
      await emptied(path, version);
      await folder.remove();
    },
  };
}

/** Ends what is in a cgroup and removes it. */
export async function emptied(path: string, version: CgroupVersion): Promise<void> {
  const cgroup = new JobCgroup(path, version);
  await waitFor('an empty cgroup', () => {
    cgroup.kill();
    return !cgroup.isPopulated();
  });
  await cgroup.remove(systemClock);
}

/** Whether a process runs. */
export function runs(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && isAlive(stat);
}
