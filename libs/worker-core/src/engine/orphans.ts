import type { ExecutionHandle, Executor } from '@tunasync/executors';
import type { Logger } from '@tunasync/logger';
import { messageOf, type MirrorStatus } from '@tunasync/protocol';
import type { JobRecord } from '../interfaces/job-record.js';
import { runReport, statusReport, type Report } from '../interfaces/report.js';
import type { JobHost } from '../job/job-host.js';
import { toMirrorStatus } from '../job/report.js';
import { abandonedRun, killedMessage } from '../job/run-record.js';
import type { Executors } from './executors.js';

/** Parts of {@link Orphans}. */
export interface OrphansParts {
  host: JobHost;
  executors: Executors;
  /** Whether a mirror is configured (again). */
  isConfigured: (mirror: string) => boolean;
}

/** Ends and forgets what a crash left of mirrors that are not configured any more. */
export class Orphans {
  readonly #parts: OrphansParts;
  readonly #ending = new Map<string, Promise<void>>();

  constructor(parts: OrphansParts) {
    this.#parts = parts;
  }

  /** The end, under way, of what is left of a mirror. */
  endOf(mirror: string): Promise<void> | undefined {
    return this.#ending.get(mirror);
  }

  /** Resolves when nothing is left of any. */
  async gone(): Promise<void> {
    await Promise.all(this.#ending.values());
  }

  /** @param statuses - of the manager that answered, if any */
  add(record: JobRecord, statuses: readonly MirrorStatus[] = []): void {
    const known = statuses.find((status) => status.name === record.name);
    this.#ending.set(record.name, this.#end(record, known));
  }

  async #end(record: JobRecord, known: MirrorStatus | undefined): Promise<void> {
    const { host, executors, isConfigured } = this.#parts;
    const { name, run } = record;
    const handle = run?.handle ?? null;
    const executor = handle === null ? undefined : executors.of(handle);
    if (handle !== null && executor !== undefined) {
      await endLeftover({ mirror: name, handle, executor, logger: host.logger });
    }
    // a reload may have brought the mirror back
    const removed = isConfigured(name) ? undefined : name;
    await host.commit({ removed, reports: this.#reportsOf(record, known) });
    this.#ending.delete(name);
  }

  /** Reports of the end of what was left, so that managers do not show it as syncing permanently. */
  #reportsOf(record: JobRecord, known: MirrorStatus | undefined): Report[] {
    const { host, isConfigured } = this.#parts;
    const { name, run, mode } = record;
    if (run === null) return [];
    const over = run.ended === undefined ? interrupted(record, host.clock.now()) : record;
    const status = mode === 'active' && !isConfigured(name) ? [this.#statusOf(over, known)] : [];
    return [...status, runReport(run.ended ?? abandonedRun(host.worker, over, run))];
  }

  #statusOf(record: JobRecord, known: MirrorStatus | undefined): Report {
    const { name } = record;
    const mirror = { name, isMaster: known?.is_master ?? true, upstream: known?.upstream ?? '' };
    return statusReport(toMirrorStatus(this.#parts.host.worker, mirror, record));
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
