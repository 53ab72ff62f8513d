import type { Logger } from '@tunasync/logger';
import { messageOf, type MirrorSchedule, type ProgressEntry } from '@tunasync/protocol';
import type { ReportSink } from '../interfaces/reporting.js';
import type { StateChange, WorkerState } from '../interfaces/worker-state.js';

/**
 * The transactional outbox: first a change is kept together with its reports, then the reports are handed to the sink.
 * The sink gets everything in the order of the calls.
 */
export class Outbox {
  readonly #state: WorkerState;
  readonly #sink: ReportSink | undefined;
  readonly #logger: Logger;

  constructor(state: WorkerState, sink: ReportSink | undefined, logger: Logger) {
    this.#state = state;
    this.#sink = sink;
    this.#logger = logger;
  }

  /** Keeps a change and hands its reports on; resolves when it is on disk, or cannot be written. Never rejects. */
  commit(change: StateChange): Promise<void> {
    const { reports, kept } = this.#state.commit(change);
    return this.#after(kept, (sink) => {
      for (const { seq, report } of reports) {
        if (report.kind === 'status') sink.status(report.status, seq);
        else sink.run?.(report.run, seq);
      }
    });
  }

  /** Resolves when all changes so far are on disk, or cannot be written. */
  async settled(): Promise<void> {
    await this.#state.settled();
  }

  /** The schedule changed; reports of earlier changes go first. */
  scheduleChanged(current: () => MirrorSchedule[]): void {
    void this.#after(this.#state.settled(), (sink) => {
      sink.scheduleChanged(current);
    });
  }

  progress(entry: ProgressEntry): void {
    this.#call((sink) => sink.progress?.(entry));
  }

  factsChanged(): void {
    this.#call((sink) => sink.factsChanged?.());
  }

  async #after(kept: Promise<void> | undefined, call: (sink: ReportSink) => void): Promise<void> {
    if (kept !== undefined) await kept;
    this.#call(call);
  }

  /** Sinks promise not to throw; one of an embedder that throws stops nothing. */
  #call(call: (sink: ReportSink) => void): void {
    if (this.#sink === undefined) return;
    try {
      call(this.#sink);
    } catch (error) {
      this.#logger.error(`a report could not be handed over: ${messageOf(error)}`);
    }
  }
}
