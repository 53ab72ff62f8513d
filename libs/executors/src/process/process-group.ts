import type { Clock } from '@tunasync/protocol';
import { GroupMembers, type GroupIdentity } from './group-members.js';
import { ProcessEnder } from './process-ender.js';

/** A process group: ends all its processes, and knows when none is left. */
export class ProcessGroup extends ProcessEnder {
  readonly #members: GroupMembers;

  /**
   * @param id - pid of the group's leader
   * @param identity - needed when the leader is not a child of this process, so that its number may be reused
   */
  constructor(id: number, clock: Clock, identity?: GroupIdentity) {
    const members = new GroupMembers(id, identity);
    super([members], clock);
    this.#members = members;
  }

  /** Whether the leader runs. */
  leaderRuns(): boolean {
    return this.#members.leaderRuns();
  }
}
