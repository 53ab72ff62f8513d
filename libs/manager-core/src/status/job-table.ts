import { syncStatuses, type Clock, type JobCounts, type SyncStatus } from '@tunasync/protocol';
import type { ChangedKey } from '@tunasync/store';
import { JobEntry } from './job-entry.js';
import type { StatusCache } from './status-cache.js';

/** All jobs in order, and how many there are in each state; kept up with the store. */
export class JobTable {
  readonly #store: Pick<StatusCache, 'status' | 'statuses'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #workers = new Map<string, Map<string, JobEntry>>();
  readonly #counts = noJobs();
  readonly #countsOf = new Map<string, JobCounts>();
  /** By name, then by worker; new ones at the end until somebody asks. */
  #ordered: JobEntry[] = [];
  #isOrdered = true;
  #hasGone = false;
  #version = 0;

  constructor(store: Pick<StatusCache, 'status' | 'statuses'>, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
    for (const { worker, name } of store.statuses()) this.#changed(worker, name);
  }

  /** Changes with every change. */
  get version(): number {
    return this.#version;
  }

  /** The store shows something new. */
  changed(keys: readonly ChangedKey[]): void {
    for (const key of keys) if (key.type === 'status') this.#changed(key.worker, key.name);
  }

  get(worker: string, name: string): JobEntry | undefined {
    return this.#workers.get(worker)?.get(name);
  }

  /** All jobs, by name and then by worker. */
  entries(): readonly JobEntry[] {
    if (this.#hasGone) {
      this.#ordered = this.#ordered.filter(
        (entry) => this.get(entry.status.worker, entry.status.name) === entry,
      );
      this.#hasGone = false;
    }
    if (!this.#isOrdered) {
      // those in front are in order, so that it costs little
      this.#ordered.sort(byNameAndWorker);
      this.#isOrdered = true;
    }
    return this.#ordered;
  }

  /** How many jobs there are in each state. */
  counts(): JobCounts {
    return { ...this.#counts };
  }

  /** The same of one worker. */
  countsOf(worker: string): JobCounts {
    return { ...(this.#countsOf.get(worker) ?? noJobs()) };
  }

  #changed(worker: string, name: string): void {
    this.#version += 1;
    const status = this.#store.status(worker, name);
    const entry = this.get(worker, name);
    if (entry !== undefined) this.#count(worker, entry.status.status, -1);
    if (status === undefined) {
      if (entry !== undefined) this.#remove(worker, name);
      return;
    }
    this.#count(worker, status.status, 1);
    if (entry === undefined) this.#add(worker, name, new JobEntry(status, this.#clock.now()));
    else entry.update(status);
  }

  #add(worker: string, name: string, entry: JobEntry): void {
    let ofWorker = this.#workers.get(worker);
    if (ofWorker === undefined) this.#workers.set(worker, (ofWorker = new Map<string, JobEntry>()));
    ofWorker.set(name, entry);
    this.#ordered.push(entry);
    this.#isOrdered = false;
  }

  #remove(worker: string, name: string): void {
    const ofWorker = this.#workers.get(worker);
    ofWorker?.delete(name);
    if (ofWorker?.size === 0) {
      this.#workers.delete(worker);
      this.#countsOf.delete(worker);
    }
    this.#hasGone = true;
  }

  #count(worker: string, status: SyncStatus, by: 1 | -1): void {
    let ofWorker = this.#countsOf.get(worker);
    if (ofWorker === undefined) this.#countsOf.set(worker, (ofWorker = noJobs()));
    this.#counts[status] += by;
    ofWorker[status] += by;
  }
}

/** How many of some jobs there are in each state. */
export function countJobs(entries: Iterable<JobEntry>): JobCounts {
  const counts = noJobs();
  for (const { status } of entries) counts[status.status] += 1;
  return counts;
}

function noJobs(): JobCounts {
  return Object.fromEntries(syncStatuses.map((status) => [status, 0])) as JobCounts;
}

function byNameAndWorker({ status: one }: JobEntry, { status: other }: JobEntry): number {
  return compare(one.name, other.name) || compare(one.worker, other.worker);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
