import type { ExecutionHandle } from '@tunasync/executors';
import type { RunRecord } from '@tunasync/protocol';
import type { JobRecord, RunState } from '../interfaces/job-record.js';
import type { JobHost } from './job-host.js';
import type { CommandState } from './run-attempt.js';
import { abandonedRun, runRecordOf } from './run-record.js';
import type { RunEnd } from './run.js';

/**
 * What is on disk of a mirror's run, so that a crash at any moment loses nothing and doubles nothing: a command is
 * written down before it is started; the end of a run before managers are told of it; and it is forgotten only when
 * what they are told is on disk, too.
 */
export class RunLedger {
  readonly #host: JobHost;
  readonly #record: JobRecord;

  /** @param record - whose `run` is kept here */
  constructor(host: JobHost, record: JobRecord) {
    this.#host = host;
    this.#record = record;
  }

  /** A run begins, or goes on. @returns what was interrupted */
  begin(): RunState | undefined {
    const { interrupted } = this;
    if (interrupted === undefined) this.#record.run = newRun(this.#host.newId());
    return interrupted;
  }

  attemptBegins(attempt: number): void {
    this.note({ attempt, attemptStarted: this.#host.clock.now(), handle: null, logFile: '' });
  }

  note(state: Partial<RunState>): void {
    if (this.#record.run !== null) this.#record.run = { ...this.#record.run, ...state };
  }

  /** Resolves when the command is on disk. */
  command({ command, handle }: CommandState): Promise<void> {
    this.note({ command, handle });
    this.#host.keep(this.#record);
    return this.#host.kept();
  }

  /** An attempt is over, and the next one follows. The caller keeps the record. */
  attemptEnded(): void {
    this.#dropCommand({ attemptStarted: 0 });
  }

  /** An attempt is over that does not count: it is made anew. The caller keeps the record. */
  attemptRefused(): void {
    this.#dropCommand({});
  }

  /** The run is over; resolves when that is on disk. */
  async ended(end: RunEnd): Promise<RunRecord> {
    const run = this.#record.run ?? newRun(this.#host.newId());
    const ended = runRecordOf(this.#host.worker, this.#record, run, end);
    this.note({ ended });
    this.#host.keep(this.#record);
    await this.#host.kept();
    return ended;
  }

  /** Tells managers of a run that is over, and forgets it once that is on disk. */
  async tell(ended: RunRecord): Promise<void> {
    this.#host.reportRun(ended);
    await this.#host.reportsKept();
    // another one may have begun meanwhile
    if (this.#record.run?.id !== ended.id) return;
    this.#record.run = null;
    this.#host.keep(this.#record);
  }

  /** The run that was interrupted, if there is one. */
  get interrupted(): RunState | undefined {
    const { run } = this.#record;
    return run === null || run.ended !== undefined ? undefined : run;
  }

  /** A run that was interrupted is not gone on with; resolves when managers are told. The caller keeps the record. */
  async abandon(run: RunState): Promise<void> {
    const ended = abandonedRun(this.#host.worker, this.#record, run);
    this.note({ ended });
    await this.#afterCaller();
    await this.tell(ended);
  }

  /** Clears up only after nothing on disk asks for the command any more: its true result would be lost. */
  async clearUp(handle: ExecutionHandle): Promise<void> {
    await this.#afterCaller();
    await this.#host.clearUp(this.#record.name, handle);
  }

  #dropCommand(state: Partial<RunState>): void {
    const handle = this.#record.run?.handle ?? null;
    this.note({ ...state, handle: null });
    if (handle !== null) void this.clearUp(handle);
  }

  /** Resolves when what the caller keeps in this turn is on disk. */
  async #afterCaller(): Promise<void> {
    await Promise.resolve();
    await this.#host.kept();
  }
}

function newRun(id: string): RunState {
  return { id, attempt: 0, attemptStarted: 0, command: 0, handle: null, logFile: '' };
}
