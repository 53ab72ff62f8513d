import type { JobRecord, RecordStore } from '../interfaces/job-record.js';

/** Keeps the records in memory only: for tests, and for an embedder that starts anew each time. */
export function memoryRecords(initial: Iterable<JobRecord> = []): RecordStore {
  const records = new Map<string, JobRecord>();
  for (const record of initial) records.set(record.name, structuredClone(record));
  return {
    load: () => Promise.resolve(structuredClone(records)),
    put(record) {
      records.set(record.name, structuredClone(record));
    },
    remove(name) {
      records.delete(name);
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
