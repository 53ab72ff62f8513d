import type { ProcessSet } from '../process/process-set.js';
import { readProcessStat } from '../procfs/process-table.js';
import type { JobCgroup } from './job-cgroup.js';

/** The processes in a cgroup, those that left the command's process group among them. */
export class CgroupMembers implements ProcessSet {
  readonly #cgroup: JobCgroup;
  readonly #group: number | undefined;

  /** @param group - a process group whose members get their signals from another set */
  constructor(cgroup: JobCgroup, group: number | undefined) {
    this.#cgroup = cgroup;
    this.#group = group;
  }

  exists(): boolean {
    return this.#cgroup.isPopulated();
  }

  isAlive(): boolean {
    return this.#cgroup.isPopulated();
  }

  isLaunching(): boolean {
    // the launcher is in the process group
    return false;
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (signal === 'SIGKILL') this.#cgroup.kill();
    else for (const pid of this.#cgroup.pids()) this.#tellToEnd(pid);
  }

  #tellToEnd(pid: number): void {
    // twice SIGTERM would run a script's trap twice
    if (this.#group !== undefined && readProcessStat(pid)?.group === this.#group) return;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // gone already, or of another user: then it can only be waited for
    }
  }
}
