import type { JobRecord } from '../interfaces/job-record.js';
import type { WorkerState } from '../interfaces/worker-state.js';

/** Keeps the state in memory only: for tests, and for an embedder that begins afresh each time. */
export function memoryState(initial: Iterable<JobRecord> = []): WorkerState {
  const records = new Map<string, JobRecord>();
  for (const record of initial) records.set(record.name, structuredClone(record));
  let seq = 0;
  return {
    durable: false,
    load: () => Promise.resolve(structuredClone(records)),
    openOutbox: (managers) => new Map(managers.map((manager) => [manager, []])),
    commit({ record, removed, reports = [] }) {
      if (removed !== undefined) records.delete(removed);
      if (record !== undefined) records.set(record.name, structuredClone(record));
      return { reports: reports.map((report) => ({ seq: ++seq, report })), kept: undefined };
    },
    acknowledge: () => undefined,
    settled: () => undefined,
    close: () => Promise.resolve(),
  };
}
