import type { ExecutionHandle, Executor } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import { messageOf, type MirrorStatus, type RunRecord } from '@tunasync/protocol';
import type { JobRecord, RecordStore } from '../interfaces/job-record.js';
import { toMirrorStatus } from '../job/report.js';
import { abandonedRun, killedMessage } from '../job/run-record.js';
import type { Executors } from './executors.js';

/** What {@link Orphans} needs. */
export interface OrphansOptions {
  /** Worker id. */
  worker: string;
  executors: Executors;
  records: RecordStore;
  logger: Logger;
  /** Whether a mirror is configured (again). */
  isConfigured: (mirror: string) => boolean;
  /** What a manager knows of them, as far as one has answered. */
  statuses: readonly MirrorStatus[];
  /** Tells managers a status. */
  report: (status: MirrorStatus) => void;
  /** Tells managers of a run that is over; resolves when that is on disk. */
  reportRun: (record: RunRecord) => Promise<void>;
  now: () => number;
}

/** Mirrors that are not configured any more, of which something is left: what still runs is ended, and all is forgotten. */
export class Orphans {
  readonly #options: OrphansOptions;
  readonly #ending = new Map<string, Promise<void>>();

  constructor(options: OrphansOptions) {
    this.#options = options;
  }

  /** The end, under way, of what is left of a mirror. */
  endOf(mirror: string): Promise<void> | undefined {
    return this.#ending.get(mirror);
  }

  /** Resolves when nothing is left of any. */
  async gone(): Promise<void> {
    await Promise.all(this.#ending.values());
  }

  add(record: JobRecord): void {
    this.#ending.set(record.name, this.#end(record));
  }

  async #end(record: JobRecord): Promise<void> {
    const { worker, executors, records, logger, isConfigured, reportRun, now } = this.#options;
    const { name, run } = record;
    if (run !== null) {
      const { handle } = run;
      const executor = handle === null ? undefined : executors.of(handle);
      if (handle !== null && executor !== undefined) {
        await endLeftover({ mirror: name, handle, executor, logger });
      }
      const over = run.ended === undefined ? interrupted(record, now()) : record;
      // managers would show for good that it is syncing
      if (record.mode === 'active' && !isConfigured(name)) this.#reportStatus(over);
      await reportRun(run.ended ?? abandonedRun(worker, over, run));
    }
    this.#ending.delete(name);
    // a reload may have brought the mirror back
    if (!isConfigured(name)) records.remove(name);
  }

  #reportStatus(record: JobRecord): void {
    const { worker, statuses, report } = this.#options;
    const { name } = record;
    const known = statuses.find((status) => status.name === name);
    const mirror = { name, isMaster: known?.is_master ?? true, upstream: known?.upstream ?? '' };
    report(toMirrorStatus(worker, mirror, record));
  }
}

/** The record of a mirror whose run was ended. */
function interrupted(record: JobRecord, now: number): JobRecord {
  return { ...record, lastStatus: 'failed', lastEnded: now, nextDue: 0, errorMsg: killedMessage };
}

/** What {@link endLeftover} must know. */
interface LeftoverOptions {
  mirror: string;
  /** The command that was under way when the last worker process ended. */
  handle: ExecutionHandle;
  executor: Executor;
  logger: Logger;
}

/**
 * Ends a command that an earlier worker process started and did not see the end of (it crashed), so that there are
 * never two syncs of one mirror. Resolves when nothing of it is left; never rejects.
 */
async function endLeftover({ mirror, handle, executor, logger }: LeftoverOptions): Promise<void> {
  try {
    const execution = await executor.attach(handle);
    if (execution !== undefined) {
      logger.notice(`${mirror}: ending what is left of a sync that was under way when the worker crashed`);
      await execution.terminate();
    }
    await executor.cleanup(handle);
  } catch (error) {
    logger.error(`${mirror}: cannot look for what is left of an earlier sync: ${messageOf(error)}`);
  }
}
