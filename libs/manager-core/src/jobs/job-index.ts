import { syncStatuses, type Clock, type JobCounts, type SyncStatus } from '@tunasync/protocol';
import type { ChangedKey } from '@tunasync/store';
import type { StatusCache } from '../store/status-cache.js';
import { JobEntry } from './job-entry.js';

/** The jobs of a worker. */
export interface WorkerJobs {
  readonly worker: string;
  /** By mirror name. */
  readonly entries: ReadonlyMap<string, JobEntry>;
  /** Changes with every change of one of them. */
  readonly version: number;
  readonly counts: Readonly<JobCounts>;
}

class JobsOfWorker implements WorkerJobs {
  readonly worker: string;
  readonly entries = new Map<string, JobEntry>();
  readonly counts = noJobs();
  version = 0;

  constructor(worker: string) {
    this.worker = worker;
  }
}

/** All jobs in order, and how many there are in each state; kept up with the store. */
export class JobIndex {
  readonly #store: Pick<StatusCache, 'status' | 'statuses'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #workers = new Map<string, JobsOfWorker>();
  readonly #counts = noJobs();
  /** By name, then by worker; new ones at the end, and such that are gone, until somebody asks. */
  #ordered: JobEntry[] = [];
  #isOrdered = true;
  #hasGone = false;
  /** Never the same again, also when a worker goes and comes back. */
  #version = 0;

  constructor(store: Pick<StatusCache, 'status' | 'statuses'>, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
    for (const { worker, name } of store.statuses()) this.#changed(worker, name);
  }

  /** The store shows something new. */
  changed(keys: readonly ChangedKey[]): void {
    for (const key of keys) if (key.type === 'status') this.#changed(key.worker, key.name);
  }

  get(worker: string, name: string): JobEntry | undefined {
    return this.#workers.get(worker)?.entries.get(name);
  }

  /** All jobs, by name and then by worker. */
  entries(): readonly JobEntry[] {
    if (this.#hasGone) {
      this.#ordered = this.#ordered.filter((entry) => {
        const { worker, name } = entry.status;
        return this.get(worker, name) === entry;
      });
      this.#hasGone = false;
    }
    if (!this.#isOrdered) {
      // those in front are in order, so that it costs little
      this.#ordered.sort(byNameAndWorker);
      this.#isOrdered = true;
    }
    return this.#ordered;
  }

  /** The jobs of each worker that has any. */
  workers(): Iterable<WorkerJobs> {
    return this.#workers.values();
  }

  /** How many jobs there are in each state. */
  counts(): JobCounts {
    return { ...this.#counts };
  }

  /** The same of one worker. */
  countsOf(worker: string): JobCounts {
    return { ...(this.#workers.get(worker)?.counts ?? noJobs()) };
  }

  #changed(worker: string, name: string): void {
    const status = this.#store.status(worker, name);
    let jobs = this.#workers.get(worker);
    const entry = jobs?.entries.get(name);
    if (jobs === undefined) {
      if (status === undefined) return;
      this.#workers.set(worker, (jobs = new JobsOfWorker(worker)));
    }
    jobs.version = this.#version += 1;
    if (entry !== undefined) this.#count(jobs, entry.status.status, -1);
    if (status !== undefined) this.#count(jobs, status.status, 1);
    if (status === undefined) this.#remove(jobs, name);
    else if (entry === undefined) this.#add(jobs, name, new JobEntry(status, this.#clock.now()));
    else entry.update(status);
  }

  #add({ entries }: JobsOfWorker, name: string, entry: JobEntry): void {
    entries.set(name, entry);
    this.#ordered.push(entry);
    this.#isOrdered = false;
  }

  #remove({ worker, entries }: JobsOfWorker, name: string): void {
    if (!entries.delete(name)) return;
    this.#hasGone = true;
    if (entries.size === 0) this.#workers.delete(worker);
  }

  #count({ counts }: JobsOfWorker, status: SyncStatus, by: 1 | -1): void {
    this.#counts[status] += by;
    counts[status] += by;
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
