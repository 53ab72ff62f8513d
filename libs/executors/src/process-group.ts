import type { Clock, ClockTimer } from '@tunasync/protocol';
import { launcherFile } from './launcher.js';
import { hasInEnvironment, isAlive, livingMembers, readArguments, readProcessStat } from './process-table.js';

/** How processes of a group that this process did not start are told from strangers that got its number. */
export interface GroupIdentity {
  /** Of the group's leader. */
  startTime: number;
  /** `NAME=value` that everything in the group has in its environment. */
  marker: string;
}

/** Pauses between looks at a group that is on its way out, in milliseconds. */
const firstPause = 5;
const longestPause = 250;
/** So long, in milliseconds, may a launcher take to begin its command, on a busy machine. */
const launchTime = 10_000;
/** Pause between signals to a launcher that has not begun its command. */
const launchPause = 25;
/** From this pause on it is looked for processes that are dead and not reaped: some first processes never do that. */
const thoroughFrom = 40;

/** A process group: ends all that is in it, and knows when nothing is left. */
export class ProcessGroup {
  readonly #id: number;
  readonly #clock: Clock;
  readonly #identity: GroupIdentity | undefined;
  readonly #since: number;
  #killTimer: ClockTimer | undefined;
  #killAt = Infinity;
  #killing = false;
  #over = false;

  /**
   * @param id - pid of the group's leader
   * @param identity - needed when the leader is no child of this process, so that its number may be reused
   */
  constructor(id: number, clock: Clock, identity?: GroupIdentity) {
    this.#id = id;
    this.#clock = clock;
    this.#identity = identity;
    this.#since = clock.now();
  }

  /** Whether the leader runs. */
  leaderRuns(): boolean {
    const leader = readProcessStat(this.#id);
    if (leader === undefined || !isAlive(leader)) return false;
    return this.#identity === undefined || leader.startTime === this.#identity.startTime;
  }

  /** Whether anything of the group is left, a process that nobody reaps included. */
  exists(): boolean {
    if (this.#over) return false;
    try {
      return process.kill(-this.#id, 0);
    } catch (error) {
      // EPERM: it is there, under another user
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  }

  /** Whether anything of the group still runs. Costs a look at every process of the machine if there may be. */
  isAlive(): boolean {
    if (!this.exists()) return false;
    const identity = this.#identity;
    if (identity === undefined) return livingMembers(this.#id)?.length !== 0;
    return (
      this.leaderRuns() ||
      livingMembers(this.#id)?.some(({ pid }) => hasInEnvironment(pid, identity.marker)) === true
    );
  }

  /** SIGTERM now, SIGKILL to what is left after `graceMs`. A later call can only make it sooner. */
  terminate(graceMs: number): void {
    if (this.#over) return;
    const killAt = this.#clock.now() + graceMs;
    if (killAt >= this.#killAt) return;
    if (this.#killAt === Infinity) this.#tellToEnd();
    this.#killAt = killAt;
    this.#killTimer?.cancel();
    this.#killTimer = this.#clock.after(graceMs, () => {
      this.#killing = true;
      this.#signal('SIGKILL');
    });
  }

  /** Ends what is left in the group after its leader; resolves when nothing is. */
  async sweep(graceMs: number): Promise<void> {
    // most of what is left was told to end with the leader, and is reaped in a moment: a cheap look is enough
    for (let pause = firstPause; this.exists(); pause = Math.min(2 * pause, longestPause)) {
      if ((pause >= thoroughFrom || this.#identity !== undefined) && !this.isAlive()) break;
      if (this.#killing) this.#signal('SIGKILL');
      else this.terminate(graceMs);
      await new Promise<void>((resolve) => this.#clock.after(pause, resolve));
    }
    this.#over = true;
    this.#killTimer?.cancel();
  }

  /** SIGTERM; once more while there is only the launcher, whose shell can lose it on the way to its command. */
  #tellToEnd(): void {
    const launching = this.#isLaunching();
    this.#signal('SIGTERM');
    if (!launching) return;
    this.#clock.after(launchPause, () => {
      if (!this.#over && !this.#killing) this.#tellToEnd();
    });
  }

  /** Whether no process of the group is the command yet. */
  #isLaunching(): boolean {
    // a look at every process is too dear when nothing of that kind can be
    if (this.#identity !== undefined || this.#clock.now() - this.#since > launchTime) return false;
    const members = livingMembers(this.#id) ?? [];
    return members.length > 0 && members.every(({ pid }) => readArguments(pid).includes(launcherFile));
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#identity !== undefined && !this.isAlive()) return;
    try {
      process.kill(-this.#id, signal);
    } catch {
      // gone already, or of another user: then it can only be waited for
    }
  }
}
