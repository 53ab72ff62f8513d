import type { Progress } from '@tunasync/providers';
import { sleep } from '@tunasync/util';
import type { WaitReason } from '../interfaces/events.js';
import type { JobRecord } from '../interfaces/job-record.js';
import type { AttemptFacts } from '../interfaces/run-reason.js';
import type { JobHost } from './job-host.js';
import type { AttemptEnd, CommandState } from './run-attempt.js';
import type { RunLedger } from './run-ledger.js';
import { killedMessage } from './run-record.js';
import type { RunObserver } from './run.js';
import type { Slot } from './slot.js';

/** What a {@link LiveRun} is made of. */
export interface LiveRunParts {
  host: JobHost;
  record: JobRecord;
  ledger: RunLedger;
  slot: Slot;
  /** Keeps the record, and reports it, unless nobody is to hear of this run any more. */
  tell: () => void;
}

/** A mirror's run while it is under way: what it tells is written down, reported and shown. */
export class LiveRun implements RunObserver {
  readonly #parts: LiveRunParts;
  #attempt = 0;
  #waits: WaitReason | undefined;
  #progress: Progress | undefined;

  constructor(parts: LiveRunParts) {
    this.#parts = parts;
  }

  /** Number of the last attempt that was begun, from 1; 0: there is none. */
  get attempt(): number {
    return this.#attempt;
  }

  /** What it waits for besides a slot. */
  get waits(): WaitReason | undefined {
    return this.#waits;
  }

  /** How far the command under way is, when that is known. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  /** A run begins. @param attempt - the last one that was begun, when it goes on; 0: none */
  begin(attempt: number): void {
    this.#attempt = attempt;
  }

  /** The run is over. */
  end(): void {
    this.#attempt = 0;
    this.#rest();
  }

  attemptBegins(attempt: number): void {
    this.#parts.ledger.attemptBegins(attempt);
  }

  syncing(attempt: number, logFile: string): void {
    const { record, ledger, tell } = this.#parts;
    this.#attempt = attempt;
    this.#waits = undefined;
    record.lastStatus = 'syncing';
    record.errorMsg = '';
    ledger.note({ logFile });
    tell();
  }

  attemptEnded(attempt: number, end: AttemptEnd, logFile: string, retryInMs?: number): void {
    const { host, record, ledger, tell } = this.#parts;
    const message = end.kind === 'failed' ? end.message : end.kind === 'killed' ? killedMessage : '';
    const retryAt = retryInMs === undefined ? 0 : host.clock.now() + retryInMs;
    this.#rest(retryAt === 0 ? undefined : { for: 'retry', until: retryAt });
    const { kind: result, reason } = end;
    const { name: mirror } = record;
    host.emit('attempt-ended', { mirror, attempt, result, reason, message, logFile, retryAt });
    if (retryInMs === undefined) return;
    record.lastStatus = 'failed';
    record.lastEnded = this.timeOf(end);
    record.errorMsg = message;
    ledger.attemptEnded();
    tell();
  }

  command(state: CommandState): Promise<void> {
    return this.#parts.ledger.command(state);
  }

  progressed(progress: Progress): void {
    const { host, record } = this.#parts;
    this.#progress = progress;
    host.reportProgress(record.name, progress);
  }

  async refused(message: string, delayMs: number, signal: AbortSignal): Promise<void> {
    const { host, record, ledger, slot, tell } = this.#parts;
    this.#rest({ for: 'refused', until: host.clock.now() + delayMs });
    record.lastStatus = 'pre-syncing';
    record.errorMsg = message;
    ledger.attemptRefused();
    tell();
    const later = sleep(host.clock, delayMs, signal).then(() => {
      this.#waits = undefined;
    });
    await slot.lend(later, signal);
  }

  /** When an attempt or a run ended: what a command did while no worker was there keeps its true time. */
  timeOf({ endedAt }: AttemptFacts): number {
    const { host, record } = this.#parts;
    const now = host.clock.now();
    return endedAt === undefined ? now : Math.max(record.lastStarted, Math.min(endedAt, now));
  }

  /** No attempt is under way. */
  #rest(waits?: WaitReason): void {
    this.#waits = waits;
    this.#progress = undefined;
  }
}
