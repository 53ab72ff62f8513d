import { isDeepStrictEqual } from 'node:util';
import type { MirrorConfig } from '@tunasync/config';
import type { RunRecord } from '@tunasync/protocol';
import type { JobRecord, RunState } from '../interfaces/job-record.js';
import { runReport, statusReport } from '../interfaces/report.js';
import type { JobHost } from './job-host.js';
import { toMirrorStatus } from './report.js';

/**
 * The record of a mirror. Nothing else changes it, and each {@link commit} keeps the changes since the last one together
 * with the reports about them.
 */
export class Ledger {
  readonly #host: JobHost;
  readonly #mirror: () => MirrorConfig;
  #record: JobRecord;
  #changed = false;
  /** Whether the next commit reports the status. */
  #tell = false;
  /** The run that the next commit reports. */
  #ended: RunRecord | undefined;

  /** @param mirror - as configured now */
  constructor(host: JobHost, mirror: () => MirrorConfig, record: JobRecord) {
    this.#host = host;
    this.#mirror = mirror;
    this.#record = record;
  }

  get record(): JobRecord {
    return this.#record;
  }

  /** The run that an earlier process began, or that is in progress. */
  get run(): RunState | null {
    return this.#record.run;
  }

  set(values: Partial<Omit<JobRecord, 'name' | 'run'>>): void {
    const next = { ...this.#record, ...values };
    if (isDeepStrictEqual(next, this.#record)) return;
    this.#record = next;
    this.#changed = true;
  }

  /** Changes what is kept of the run in progress; without a run, nothing. */
  setRun(values: Partial<Omit<RunState, 'id' | 'ended'>>): void {
    const { run } = this.#record;
    if (run === null) return;
    this.#record = { ...this.#record, run: { ...run, ...values } };
    this.#changed = true;
  }

  /** Begins a run, unless there is one to be resumed. @returns the run to be resumed */
  beginRun(): RunState | undefined {
    const { run } = this.#record;
    if (run !== null) return run;
    this.#record = { ...this.#record, run: newRun(this.#host.newId()) };
    this.#changed = true;
    return undefined;
  }

  /** The run is over: the next commit forgets it and reports its end. */
  endRun(ended: RunRecord): void {
    this.#record = { ...this.#record, run: null };
    this.#ended = ended;
  }

  /** The next commit reports the status as it is then. */
  tell(): void {
    this.#tell = true;
  }

  /**
   * Keeps all changes and hands their reports on, the status before the run. Resolves when they are on disk, or cannot
   * be written; without any, at once.
   */
  commit(): Promise<void> {
    const status = this.#tell ? [statusReport(this.#status())] : [];
    const run = this.#ended === undefined ? [] : [runReport(this.#ended)];
    if (!this.#changed && status.length === 0 && run.length === 0) return Promise.resolve();
    const record = this.#changed || run.length > 0 ? this.#record : undefined;
    this.#changed = false;
    this.#tell = false;
    this.#ended = undefined;
    return this.#host.commit({ record, reports: [...status, ...run] });
  }

  #status(): ReturnType<typeof toMirrorStatus> {
    return toMirrorStatus(this.#host.worker, this.#mirror(), this.#record);
  }
}

/** A run that has not begun an attempt. */
export function newRun(id: string): RunState {
  return { id, attempt: 0, attemptStarted: 0, command: 0, handle: null, logFile: '' };
}
