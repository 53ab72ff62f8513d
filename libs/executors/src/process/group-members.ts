import { isLauncher } from '../launcher/launcher.js';
import { hasInEnvironment } from '../procfs/process-details.js';
import { isAlive, livingMembers, readProcessStat } from '../procfs/process-table.js';
import type { ProcessSet } from './process-set.js';

/** Distinguishes the processes of a group that this process did not start from later ones with the same number. */
export interface GroupIdentity {
  /** Of the group's leader. */
  startTime: number;
  /** `NAME=value` that everything in the group has in its environment. */
  marker: string;
}

/** The members of a process group. */
export class GroupMembers implements ProcessSet {
  readonly #id: number;
  readonly #identity: GroupIdentity | undefined;

  /**
   * @param id - pid of the group's leader
   * @param identity - needed when the leader is not a child of this process, so that its number may be reused
   */
  constructor(id: number, identity?: GroupIdentity) {
    this.#id = id;
    this.#identity = identity;
  }

  /** Whether the leader runs. */
  leaderRuns(): boolean {
    const leader = readProcessStat(this.#id);
    if (leader === undefined || !isAlive(leader)) return false;
    return this.#identity === undefined || leader.startTime === this.#identity.startTime;
  }

  /**
   * Whether anything is left; in a group that this process started, a process that is dead but not reaped counts
   * too.
   */
  exists(): boolean {
    try {
      process.kill(-this.#id, 0);
    } catch (error) {
      // EPERM: it exists, under another user
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    }
    return this.#identity === undefined || this.#areOurs(this.#identity);
  }

  isAlive(): boolean {
    if (!this.exists()) return false;
    // a group with an identity was looked at already
    return this.#identity !== undefined || livingMembers(this.#id)?.length !== 0;
  }

  isLaunching(): boolean {
    const members = livingMembers(this.#id) ?? [];
    return members.length > 0 && members.every(({ pid }) => isLauncher(pid));
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#identity !== undefined && !this.exists()) return;
    try {
      process.kill(-this.#id, signal);
    } catch {
      // gone already, or of another user: then it can only be waited for
    }
  }

  /** Those among these pids, found to be in a group of this number, that are of this one. */
  ofThisGroup(pids: readonly number[]): readonly number[] {
    const identity = this.#identity;
    if (identity === undefined || this.leaderRuns()) return pids;
    return pids.filter((pid) => hasInEnvironment(pid, identity.marker));
  }

  #areOurs({ marker }: GroupIdentity): boolean {
    return (
      this.leaderRuns() || livingMembers(this.#id)?.some(({ pid }) => hasInEnvironment(pid, marker)) === true
    );
  }
}
