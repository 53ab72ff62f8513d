import type { Clock, ClockTimer } from '@tunasync/protocol';
import { sleep } from '@tunasync/util';
import type { ProcessSet } from './process-set.js';

/** Pauses between looks at processes that are on their way out, in milliseconds. */
const firstPause = 5;
const longestPause = 250;
/** Longest time for a launcher to begin its command on a busy machine, in milliseconds. */
const launchTime = 10_000;
/** Pause between signals to a launcher that has not started its command. */
const launchPause = 25;
/**
 * From this pause on, check for processes that are dead and not reaped: the init of some containers never reaps
 * them.
 */
const thoroughFrom = 40;

/** Ends all processes of some sets, and knows when none is left. */
export class ProcessEnder {
  readonly #sets: readonly ProcessSet[];
  readonly #clock: Clock;
  readonly #since: number;
  #killTimer: ClockTimer | undefined;
  #killAt = Infinity;
  #killing = false;
  #over = false;

  constructor(sets: readonly ProcessSet[], clock: Clock) {
    this.#sets = sets;
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Whether anything is left, including a process that is dead but not reaped. */
  exists(): boolean {
    return !this.#over && this.#sets.some((set) => set.exists());
  }

  /** Whether anything still runs. Costs a look at every process of the machine if there may be. */
  isAlive(): boolean {
    return !this.#over && this.#sets.some((set) => set.isAlive());
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

  /** Ends what is left after the command; resolves when nothing is. */
  async sweep(graceMs: number): Promise<void> {
    // most remaining processes got a signal with the leader and are reaped in a moment: a cheap look is enough
    for (let pause = firstPause; this.exists(); pause = Math.min(2 * pause, longestPause)) {
      if (pause >= thoroughFrom && !this.isAlive()) break;
      if (this.#killing) this.#signal('SIGKILL');
      else this.terminate(graceMs);
      await sleep(this.#clock, pause);
    }
    this.#over = true;
    this.#killTimer?.cancel();
  }

  /** SIGTERM; again while only the launcher exists, whose shell can lose it before it starts the command. */
  #tellToEnd(): void {
    const launching = this.#isLaunching();
    this.#signal('SIGTERM');
    if (!launching) return;
    this.#clock.after(launchPause, () => {
      if (!this.#over && !this.#killing) this.#tellToEnd();
    });
  }

  /** Whether only the launcher exists, not the command itself. */
  #isLaunching(): boolean {
    // a look at every process is too expensive once no launcher can be left
    if (this.#clock.now() - this.#since > launchTime) return false;
    return this.#sets.some((set) => set.isLaunching());
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    for (const set of this.#sets) set.signal(signal);
  }
}
