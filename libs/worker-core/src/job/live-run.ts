import type { Progress } from '@tunasync/providers';
import { sleep } from '@tunasync/util';
import type { WaitReason } from '../interfaces/events.js';
import type { AttemptFacts } from '../interfaces/run-reason.js';
import type { JobHost } from './job-host.js';
import type { Ledger } from './ledger.js';
import type { AttemptEnd, CommandState } from './run-attempt.js';
import { killedMessage } from './run-record.js';
import type { RunObserver } from './run.js';
import type { Slot } from './slot.js';

/** Parts of a {@link LiveRun}. */
export interface LiveRunParts {
  host: JobHost;
  ledger: Ledger;
  slot: Slot;
}

/** A mirror's run in progress: writes down, reports and shows what the run does. */
export class LiveRun implements RunObserver {
  readonly #parts: LiveRunParts;
  #attempt = 0;
  #waits: WaitReason | undefined;
  #progress: Progress | undefined;
  #muted = false;

  constructor(parts: LiveRunParts) {
    this.#parts = parts;
  }

  /** Number of the last attempt that was begun, from 1; 0: there is none. */
  get attempt(): number {
    return this.#attempt;
  }

  /** What it waits for, other than a slot. */
  get waits(): WaitReason | undefined {
    return this.#waits;
  }

  /** Progress of the running command, when it is known. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  /** A run begins. @param attempt - the last attempt that was begun, when the run is resumed; 0: none */
  begin(attempt: number): void {
    this.#attempt = attempt;
  }

  /** The run is over. */
  end(): void {
    this.#attempt = 0;
    this.#rest();
  }

  /** No status of this run is reported any more: managers have a newer one. */
  mute(): void {
    this.#muted = true;
  }

  /** Statuses are reported again. */
  unmute(): void {
    this.#muted = false;
  }

  attemptBegins(attempt: number): void {
    const { host, ledger } = this.#parts;
    ledger.setRun({ attempt, attemptStarted: host.clock.now(), handle: null, logFile: '' });
  }

  syncing(attempt: number, logFile: string): void {
    const { ledger } = this.#parts;
    this.#attempt = attempt;
    this.#waits = undefined;
    ledger.set({ lastStatus: 'syncing', errorMsg: '' });
    ledger.setRun({ logFile });
    void this.tell();
  }

  attemptEnded(attempt: number, end: AttemptEnd, logFile: string, retryInMs?: number): void {
    const { host, ledger } = this.#parts;
    const message = end.kind === 'failed' ? end.message : end.kind === 'killed' ? killedMessage : '';
    const retryAt = retryInMs === undefined ? 0 : host.clock.now() + retryInMs;
    this.#rest(retryAt === 0 ? undefined : { for: 'retry', until: retryAt });
    const { kind: result, reason } = end;
    const { name: mirror } = ledger.record;
    host.emit('attempt-ended', { mirror, attempt, result, reason, message, logFile, retryAt });
    // the end of the last attempt is the end of the run
    if (retryInMs === undefined) return;
    ledger.set({ lastStatus: 'failed', lastEnded: this.timeOf(end), errorMsg: message });
    this.#tellWithoutCommand({ attemptStarted: 0 });
  }

  command({ command, handle }: CommandState): Promise<void> {
    const { ledger } = this.#parts;
    ledger.setRun({ command, handle });
    return ledger.commit();
  }

  progressed(progress: Progress): void {
    const { host, ledger } = this.#parts;
    this.#progress = progress;
    host.reportProgress(ledger.record.name, progress);
  }

  async refused(message: string, delayMs: number, signal: AbortSignal): Promise<void> {
    const { host, ledger, slot } = this.#parts;
    this.#rest({ for: 'refused', until: host.clock.now() + delayMs });
    ledger.set({ lastStatus: 'pre-syncing', errorMsg: message });
    // the attempt does not count, and is made again
    this.#tellWithoutCommand({});
    const later = sleep(host.clock, delayMs, signal).then(() => {
      this.#waits = undefined;
    });
    await slot.lend(later, signal);
  }

  /** Commits, with the status unless the run is muted; resolves when that is on disk. */
  tell(): Promise<void> {
    const { ledger } = this.#parts;
    if (!this.#muted) ledger.tell();
    return ledger.commit();
  }

  /** When an attempt or a run ended: the end that no worker saw keeps its true time. */
  timeOf({ endedAt }: AttemptFacts): number {
    const { host, ledger } = this.#parts;
    const now = host.clock.now();
    return endedAt === undefined ? now : Math.max(ledger.record.lastStarted, Math.min(endedAt, now));
  }

  /** Commits the end of an attempt, and clears up its command once nothing on disk refers to it any more. */
  #tellWithoutCommand(run: { attemptStarted?: number }): void {
    const { host, ledger } = this.#parts;
    const handle = ledger.run?.handle ?? null;
    ledger.setRun({ ...run, handle: null });
    const kept = this.tell();
    if (handle !== null) void kept.then(() => host.clearUp(ledger.record.name, handle));
  }

  /** No attempt is in progress. */
  #rest(waits?: WaitReason): void {
    this.#waits = waits;
    this.#progress = undefined;
  }
}
