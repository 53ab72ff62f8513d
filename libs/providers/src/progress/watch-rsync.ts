import { statfs } from 'node:fs/promises';
import type { Progress, ProgressRun, ProgressWatch } from '../plugin/interfaces.js';
import { Rate, Remaining } from './estimate.js';
import { everySecond } from './every-second.js';
import { LogTail } from './log-tail.js';
import { askForProgress, bytesRead, findReceiver, isAlive, type Receiver } from './processes.js';

/** What {@link watchRsync} must know of the attempt. */
export interface WatchRsyncOptions {
  workingDir: string;
  /** Commands of the attempt. */
  commands: number;
}

/**
 * Times between questions, in milliseconds; the last holds for all that follow, for each question is a line in the log.
 * Somebody who has just started a sync sees soon how far it is, and a short one has a progress, too.
 */
const askAfter = [2000, 3000, 5000, 10_000];
/** Longest pause between looks for the receiver, in milliseconds: a look may cost one at all processes. */
const longestPause = 8_000;
/** `statfs` type of file systems in user space. Source: `FUSE_SUPER_MAGIC` of linux/magic.h. */
const fuse = 0x65735546;

/**
 * Tells how far an rsync is: bytes and rate from what the kernel counts for its receiver, at no cost for it;
 * files, percentage and time left from a line that it is asked for, in the end every ten seconds.
 */
export function watchRsync(run: ProgressRun, options: WatchRsyncOptions): ProgressWatch {
  const watch = new RsyncWatch(run, options);
  return everySecond(run.clock, (stopped) => watch.look(stopped));
}

class RsyncWatch {
  readonly #run: ProgressRun;
  readonly #options: WatchRsyncOptions;
  readonly #tail: LogTail;
  readonly #rate = new Rate();
  readonly #remaining = new Remaining();
  #receiver: Receiver | undefined;
  #confirmed = false;
  #pause = 1000;
  #nextSearch = 0;
  #nextQuestion = 0;
  #questions = 0;
  #mayAsk: boolean | undefined;
  /** Bytes of earlier commands and receivers. */
  #before: number;
  #bytes = 0;
  #files: number | undefined;
  #done: number | undefined;

  constructor(run: ProgressRun, options: WatchRsyncOptions) {
    this.#run = run;
    this.#options = options;
    this.#tail = new LogTail(run.logFile);
    this.#before = run.earlier?.bytes ?? 0;
  }

  async look(stopped: () => boolean): Promise<void> {
    const known = this.#receiver;
    if (known === undefined || !this.#confirmed || !isAlive(known)) {
      await this.#search();
      return;
    }
    const bytes = bytesRead(known);
    if (bytes === undefined) return;
    this.#bytes = bytes;
    await this.#read();
    if (stopped()) return;
    await this.#ask(known, stopped);
    if (!stopped()) this.#tell();
  }

  /** Looks for the receiver. One that is seen twice stays what it is: a new child may be about to become an ssh. */
  async #search(): Promise<void> {
    const { clock } = this.#run;
    const candidate = this.#confirmed ? undefined : this.#receiver;
    this.#before += this.#bytes;
    this.#bytes = 0;
    this.#confirmed = false;
    this.#receiver = undefined;
    if (clock.now() < this.#nextSearch) return;
    this.#receiver = findReceiver(await this.#run.processes());
    if (this.#receiver !== undefined) {
      this.#confirmed =
        candidate?.pid === this.#receiver.pid && candidate.startTime === this.#receiver.startTime;
      this.#pause = 1000;
      return;
    }
    this.#nextSearch = clock.now() + this.#pause;
    this.#pause = Math.min(2 * this.#pause, longestPause);
  }

  async #read(): Promise<void> {
    const line = await this.#tail.look();
    if (line === undefined) return;
    this.#files = line.files;
    const { checked, total = 0 } = line;
    this.#done = total === 0 ? undefined : checked / total;
    if (this.#done !== undefined) this.#remaining.take(this.#run.clock.now(), this.#done);
  }

  async #ask(receiver: Receiver, stopped: () => boolean): Promise<void> {
    const now = this.#run.clock.now();
    // one that has not answered is in the middle of a big file, and will
    if (now < this.#nextQuestion || this.#tail.expecting) return;
    this.#mayAsk ??= await mayInterrupt(this.#options.workingDir);
    if (!this.#mayAsk || stopped()) return;
    this.#nextQuestion = now + (askAfter[Math.min(this.#questions, askAfter.length - 1)] ?? 0);
    this.#questions += 1;
    if (askForProgress(receiver)) this.#tail.expectAnswer();
  }

  #tell(): void {
    const { clock, command = 0, earlier } = this.#run;
    const bytes = this.#before + this.#bytes;
    const progress: Progress = { bytes };
    const rate = this.#rate.take(clock.now(), bytes);
    if (rate !== undefined) progress.rate = Math.round(rate);
    if (this.#files !== undefined) progress.files = (earlier?.files ?? 0) + this.#files;
    else if (earlier?.files !== undefined) progress.files = earlier.files;
    if (this.#done !== undefined) {
      const { commands } = this.#options;
      // each command goes through about the same list
      progress.percent = Math.round((1000 * (command + this.#done)) / commands) / 10;
      const eta = command === commands - 1 ? this.#remaining.seconds(clock.now()) : undefined;
      if (eta !== undefined) progress.eta = Math.round(eta);
    }
    this.#run.onProgress(progress);
  }
}

/** A file system in user space may let a signal end what rsync asks of it: an rsync that writes to one gets none. */
async function mayInterrupt(folder: string): Promise<boolean> {
  try {
    return (await statfs(folder)).type !== fuse;
  } catch {
    return false;
  }
}
