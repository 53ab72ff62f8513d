import { mkdir, rmdir } from 'node:fs/promises';
import type { Clock } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import {
  cgroupTree,
  hasCgroupFile,
  readCgroupFile,
  readCounters,
  readProcs,
  writeCgroupFile,
} from './cgroup-files.js';
import type { CgroupVersion } from './hierarchy.js';

/** Pause between attempts to remove a cgroup, and the longest time for all of them, in milliseconds. */
const removalPause = 20;
const removalTime = 2_000;

/**
 * Usage may stay this many bytes below the limit, because the kernel charges memory in batches. Source:
 * MEMCG_CHARGE_BATCH of Linux, 64 pages.
 */
const chargeBatch = 64 * 4096;

/** The cgroup of one command. */
export class JobCgroup {
  readonly path: string;
  readonly #version: CgroupVersion;

  constructor(path: string, version: CgroupVersion) {
    this.path = path;
    this.#version = version;
  }

  /** Creates the cgroup, which must not exist. */
  async create(): Promise<void> {
    await mkdir(this.path);
  }

  /** Limits memory and swap together to this number of bytes. Throws the system's error. */
  limitMemory(bytes: number): void {
    if (this.#version === 1) {
      writeCgroupFile(this.path, 'memory.limit_in_bytes', bytes);
      // accounting of swap is an option of the kernel
      if (hasCgroupFile(this.path, 'memory.memsw.limit_in_bytes')) {
        writeCgroupFile(this.path, 'memory.memsw.limit_in_bytes', bytes);
      }
      return;
    }
    writeCgroupFile(this.path, 'memory.max', bytes);
    if (hasCgroupFile(this.path, 'memory.swap.max')) writeCgroupFile(this.path, 'memory.swap.max', 0);
    // a command without some of its processes is useless: kill all of it
    if (hasCgroupFile(this.path, 'memory.oom.group')) writeCgroupFile(this.path, 'memory.oom.group', 1);
  }

  /** Pids in it and in cgroups that the command made below it. */
  pids(): number[] {
    // 0 would be this process's own group
    return cgroupTree(this.path)
      .flatMap(readProcs)
      .filter((pid) => pid > 0 && pid !== process.pid);
  }

  /** Whether any process is left in it or below. */
  isPopulated(): boolean {
    const events = readCounters(this.path, 'cgroup.events').get('populated');
    return events === undefined ? this.pids().length > 0 : events !== 0;
  }

  /** Sends SIGKILL to all in it. Never throws. */
  kill(): void {
    try {
      // Linux 5.14
      writeCgroupFile(this.path, 'cgroup.kill', 1);
    } catch {
      for (const pid of this.pids()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // gone already, or of another user: then it can only be waited for
        }
      }
    }
  }

  /**
   * Whether the kernel killed a process because this cgroup was at its limit; not when the whole machine, or a
   * cgroup above, had no memory left.
   *
   * @param killed - whether the command ended by SIGKILL, for kernels that do not count
   */
  wentOverLimit(killed: boolean): boolean {
    if (this.#version === 2) {
      const events = readCounters(this.path, 'memory.events');
      return (events.get('oom') ?? 0) > 0 && (events.get('oom_kill') ?? 0) > 0;
    }
    const atLimit = ['memory', 'memory.memsw'].some((which) => {
      // refused charges; Linux 6.18 no longer counts them
      if (this.#number(`${which}.failcnt`) > 0) return true;
      return (
        this.#number(`${which}.max_usage_in_bytes`) >= this.#number(`${which}.limit_in_bytes`) - chargeBatch
      );
    });
    // Linux 4.13
    const kills = readCounters(this.path, 'memory.oom_control').get('oom_kill');
    return atLimit && (kills === undefined ? killed : kills > 0);
  }

  #number(file: string): number {
    return Number(readCgroupFile(this.path, file) ?? NaN);
  }

  /**
   * Removes the cgroup and what the command made below it; nothing may be left in it. Throws the system's error
   * when the kernel holds it for more than two seconds.
   */
  async remove(clock: Clock): Promise<void> {
    for (const folder of cgroupTree(this.path)) {
      for (let waited = 0; ; waited += removalPause) {
        try {
          await rmdir(folder);
          break;
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'ENOENT') break;
          if (code !== 'EBUSY' || waited >= removalTime) throw error;
          await sleep(clock, removalPause);
        }
      }
    }
  }
}
