import { closeSync, constants, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupVersion } from './hierarchy.js';

// cgroup files are memory, as procfs is: no disk is waited for

/** The content of a file of a cgroup; undefined when it cannot be read. */
export function readCgroupFile(folder: string, file: string): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes to a file of a cgroup; makes none. Throws the system's error. */
export function writeCgroupFile(folder: string, file: string, value: string | number): void {
  const descriptor = openSync(join(folder, file), constants.O_WRONLY);
  try {
    writeSync(descriptor, String(value));
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a cgroup has such a file. */
export function hasCgroupFile(folder: string, file: string): boolean {
  return statSync(join(folder, file), { throwIfNoEntry: false }) !== undefined;
}

/** The words of a file such as `cgroup.controllers`. */
export function readWords(folder: string, file: string): string[] {
  return (readCgroupFile(folder, file) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Numbers of a file with `name number` lines, such as `memory.events`. */
export function readCounters(folder: string, file: string): ReadonlyMap<string, number> {
  const lines = (readCgroupFile(folder, file) ?? '').split('\n');
  return new Map(
    lines
      .map((line) => line.split(' '))
      .flatMap(([name, value]) => (name && value ? [[name, Number(value)]] : [])),
  );
}

/** Pids directly in a cgroup; 0 stands for a process outside this PID namespace. */
export function readProcs(folder: string): number[] {
  return readWords(folder, 'cgroup.procs').map(Number);
}

/** A cgroup and all below it, the deepest first. */
export function cgroupTree(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
  return [...names.flatMap((name) => cgroupTree(join(folder, name))), folder];
}

/** Version of the hierarchy that a cgroup is in. Source: cgroups(7), every cgroup of version 2 has this file. */
export function cgroupVersion(folder: string): CgroupVersion {
  return hasCgroupFile(folder, 'cgroup.controllers') ? 2 : 1;
}

/** Identifies one cgroup among all that ever had its path; undefined when it does not exist. */
export function cgroupId(folder: string): string | undefined {
  return statSync(folder, { bigint: true, throwIfNoEntry: false })?.ino.toString();
}
