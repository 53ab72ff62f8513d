import type { Logger } from '@tunasync/logger';
import {
  messageOf,
  type MirrorSchedule,
  type MirrorStatus,
  type ProgressEntry,
  type RunRecord,
} from '@tunasync/protocol';
import type { ReportSink } from '../interfaces/reporting.js';

/** All that a worker tells its managers through, as one. */
export class Sinks {
  readonly #sinks: readonly ReportSink[];
  readonly #logger: Logger;

  constructor(reports: ReportSink | readonly ReportSink[], logger: Logger) {
    this.#sinks = 'status' in reports ? [reports] : reports;
    this.#logger = logger;
  }

  status(report: MirrorStatus): void {
    this.#tell((sink) => {
      sink.status(report);
    });
  }

  run(record: RunRecord): void {
    this.#tell((sink) => sink.run?.(record));
  }

  progress(entry: ProgressEntry): void {
    this.#tell((sink) => sink.progress?.(entry));
  }

  factsChanged(): void {
    this.#tell((sink) => sink.factsChanged?.());
  }

  scheduleChanged(current: () => MirrorSchedule[]): void {
    this.#tell((sink) => {
      sink.scheduleChanged(current);
    });
  }

  /** Resolves when everything told so far is on disk, or cannot be written. */
  async kept(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => this.#keptBy(sink)));
  }

  /** Mirrors of which reports are still to be delivered. */
  undelivered(): Set<string> {
    return new Set(this.#sinks.flatMap((sink) => [...(sink.undelivered?.() ?? [])]));
  }

  async #keptBy(sink: ReportSink): Promise<void> {
    try {
      await sink.kept?.();
    } catch (error) {
      this.#logger.error(`a report may not survive a restart: ${messageOf(error)}`);
    }
  }

  /** Mirrors of which some manager is still to be told that a run is under way, and nothing after that. */
  underWay(): Set<string> {
    return new Set(this.#sinks.flatMap((sink) => [...(sink.underWay?.() ?? [])]));
  }

  /** Sinks promise not to throw; one of an embedder that does all the same stops nothing. */
  #tell(say: (sink: ReportSink) => void): void {
    for (const sink of this.#sinks) {
      try {
        say(sink);
      } catch (error) {
        this.#logger.error(`a report could not be handed over: ${messageOf(error)}`);
      }
    }
  }
}
