import type { Clock } from '@tunasync/protocol';
import { livingProcesses } from './process-table.js';

/** How long one reading of all processes serves all callers, in milliseconds. */
const freshMs = 500;

/** The members of process groups: one reading of all processes of the machine serves all executions. */
export class RunningProcesses {
  readonly #clock: Clock;
  #groups = new Map<number, number[]>();
  #readAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Pids in a group; a process of the last half second may be missing, or may be gone. */
  inGroup(group: number): readonly number[] {
    // a group that is not known yet has just been made
    if (Math.abs(this.#clock.now() - this.#readAt) > freshMs || !this.#groups.has(group)) this.#look();
    return this.#groups.get(group) ?? [];
  }

  #look(): void {
    this.#groups = new Map();
    this.#readAt = this.#clock.now();
    for (const { pid, group } of livingProcesses() ?? []) {
      const members = this.#groups.get(group);
      if (members === undefined) this.#groups.set(group, [pid]);
      else members.push(pid);
    }
  }
}
