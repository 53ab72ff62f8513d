import { messageOf, type Clock, type ClockTimer } from '@tunasync/protocol';
import { LogTrimmer, type PunchHole } from '@tunasync/run-log';
import type { HookContext } from './interfaces.js';

/** Options of {@link LogWatch}. */
export interface LogWatchOptions {
  context: HookContext;
  clock: Clock;
  punchHole: PunchHole;
  /** Whether the log is being written now; else only {@link LogWatch.finish} does something. */
  isWritten: boolean;
}

/** Milliseconds between looks at a log's size. */
const longestPause = 5000;
/** The same for a log that grows by more than its limit in the meantime. */
const shortestPause = 100;

/** Looks at the size of an attempt's log now and then, and has it shortened when it is too large. */
export class LogWatch {
  readonly #context: HookContext;
  readonly #clock: Clock;
  readonly #trimmer: LogTrimmer;
  readonly #maxSize: number;
  #timer: ClockTimer | undefined;
  #work = Promise.resolve();
  #isOver = false;

  constructor({ context, clock, punchHole, isWritten }: LogWatchOptions) {
    const { mirror, logFile, signal } = context;
    this.#context = context;
    this.#clock = clock;
    this.#maxSize = mirror.logMaxSize;
    // lines that decide about the attempt must not be cut out
    const keep = [mirror.failOnMatch, mirror.sizePattern].filter((pattern) => pattern !== undefined);
    this.#trimmer = new LogTrimmer({ file: logFile, maxSize: mirror.logMaxSize, keep, punchHole, signal });
    if (isWritten) this.#arm(0, longestPause);
  }

  /** Shortens the log permanently, after the last write to it. Never rejects. */
  async finish(): Promise<void> {
    this.#isOver = true;
    this.#timer?.cancel();
    await this.#work;
    await this.#trimmer.finish().catch((error: unknown) => {
      this.#warn(error);
    });
  }

  #arm(size: number, pause: number): void {
    if (this.#isOver) return;
    this.#timer = this.#clock.after(
      pause,
      () => {
        this.#work = this.#look(size, pause);
      },
      { unref: true },
    );
  }

  async #look(lastSize: number, lastPause: number): Promise<void> {
    let size: number;
    try {
      size = await this.#trimmer.trim();
    } catch (error) {
      // it would fail every time; the end of the attempt is another chance
      if (!this.#context.signal.aborted) this.#warn(error);
      return;
    }
    // at its present pace the log may grow by an eighth of its limit before the next look
    const pause = (lastPause * this.#maxSize) / 8 / Math.max(size - lastSize, 1);
    this.#arm(size, Math.min(Math.max(pause, shortestPause), longestPause));
  }

  #warn(error: unknown): void {
    const { logger, mirror } = this.#context;
    logger.warn(`${mirror.name}: ${messageOf(error)}`, { mirror: mirror.name });
  }
}
