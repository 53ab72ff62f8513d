import type { Logger } from '@tunasync/logger';
import type { Clock } from '@tunasync/protocol';
import type { KvOp } from '@tunasync/store';
import type { JobRecord } from '../interfaces/job-record.js';
import type { QueuedReport } from '../interfaces/report.js';
import type { Commit, StateChange, WorkerState } from '../interfaces/worker-state.js';
import { jobPrefix, parseJob, putJob, removeJob } from './job-entries.js';
import type { KeyValue } from './key-value.js';
import { outboxPrefix, parseEntry, putReport, removeReport, type OutboxEntry } from './outbox-entries.js';
import { StateWriter } from './state-writer.js';

/**
 * Opens the state in a key-value store: job records under `job/<name>`, undelivered reports under
 * `outbox/<manager>/<seq>`. Invalid entries are ignored with a warning. `close` leaves the store open.
 *
 * @throws whatever reading the store fails with
 */
export async function openWorkerState(
  kv: KeyValue,
  { logger, clock }: { logger: Logger; clock?: Clock },
): Promise<WorkerState> {
  const entries = (await kv.entries(outboxPrefix)).map(([key, value]) => parseEntry(key, value));
  return new KvWorkerState(kv, logger, new StateWriter({ kv, logger, clock }), entries);
}

class KvWorkerState implements WorkerState {
  readonly durable = true;
  readonly #kv: KeyValue;
  readonly #logger: Logger;
  readonly #writer: StateWriter;
  /** What an earlier process left in the outbox, until it is opened. */
  #left: readonly OutboxEntry[];
  #managers: readonly string[] = [];
  #seq: number;

  constructor(kv: KeyValue, logger: Logger, writer: StateWriter, left: readonly OutboxEntry[]) {
    this.#kv = kv;
    this.#logger = logger;
    this.#writer = writer;
    this.#left = left;
    this.#seq = left.reduce((most, { queued }) => Math.max(most, queued?.seq ?? 0), 0);
  }

  async load(): Promise<Map<string, JobRecord>> {
    await this.#writer.settled();
    const records = new Map<string, JobRecord>();
    for (const [key, value] of await this.#kv.entries(jobPrefix)) {
      const record = parseJob(value);
      if (record === undefined) this.#logger.warn(`the kept record ${key} is invalid and is ignored`);
      else records.set(record.name, record);
    }
    return records;
  }

  openOutbox(managers: readonly string[]): Map<string, readonly QueuedReport[]> {
    const kept = new Map<string, QueuedReport[]>(managers.map((manager) => [manager, []]));
    const dropped: KvOp[] = [];
    let foreign = 0;
    for (const { key, manager, queued } of this.#left) {
      const list = kept.get(manager);
      if (list !== undefined && queued !== undefined) {
        list.push(queued);
        continue;
      }
      if (list === undefined) foreign += 1;
      else this.#logger.warn(`the kept report ${key} is invalid and is dropped`);
      dropped.push({ type: 'del', key });
    }
    if (foreign > 0) {
      const reports = foreign === 1 ? '1 report' : `${foreign} reports`;
      this.#logger.warn(`${reports} for managers that are not configured any more: dropped`);
    }
    if (dropped.length > 0) void this.#writer.write(dropped);
    this.#left = [];
    this.#managers = managers;
    return kept;
  }

  commit({ record, removed, reports = [] }: StateChange): Commit {
    const queued = reports.map((report) => ({ seq: ++this.#seq, report }));
    const changes = [
      ...(removed === undefined ? [] : [removeJob(removed)]),
      ...(record === undefined ? [] : [putJob(record)]),
      ...queued.flatMap(({ seq, report }) => putReport(this.#managers, seq, report)),
    ];
    // nothing to write: the reports still follow those of earlier changes
    const kept = changes.length > 0 ? this.#writer.write(changes) : this.#writer.settled();
    return { reports: queued, kept };
  }

  acknowledge(manager: string, seq: number): void {
    void this.#writer.write([removeReport(manager, seq)]);
  }

  settled(): Promise<void> | undefined {
    return this.#writer.settled();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}
