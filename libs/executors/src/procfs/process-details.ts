import { constants, readdirSync, readlinkSync } from 'node:fs';
import { readProc } from './read-proc.js';

/** The environment with which a process was started, as `NAME=value`. Empty for another user's process. */
export function readEnvironment(pid: number): string[] {
  return readProc(`${pid}/environ`)?.split('\0') ?? [];
}

/** Whether `assignment` (`NAME=value`) is in the environment with which a process was started. */
export function hasInEnvironment(pid: number, assignment: string): boolean {
  return readEnvironment(pid).includes(assignment);
}

/** Whether a process has a file, given by its real path, open for writing. False for another user's process. */
export function writesTo(pid: number, file: string): boolean {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return false;
  }
  return descriptors.some((descriptor) => {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${descriptor}`) !== file) return false;
    } catch {
      return false;
    }
    const flags = /^flags:\t([0-7]+)$/m.exec(readProc(`${pid}/fdinfo/${descriptor}`) ?? '')?.[1] ?? '0';
    return (parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
  });
}

/** Names this boot of the machine; empty where the kernel does not report it. */
export function readBootId(): string {
  return readProc('sys/kernel/random/boot_id')?.trim() ?? '';
}

/** The arguments with which a process was started; empty when there is none, and for a moment while it starts. */
export function readArguments(pid: number): string[] {
  return readProc(`${pid}/cmdline`)?.split('\0').slice(0, -1) ?? [];
}
