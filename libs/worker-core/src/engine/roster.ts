import type { MirrorConfig } from '@tunasync/config';
import type { JobRecord } from '../interfaces/job-record.js';
import type { JobHost, JobPlan } from '../job/job-host.js';
import { Job } from '../job/job.js';
import { newRecord } from '../job/report.js';
import type { ConfigChanges } from './config-changes.js';

/** What a {@link Roster} is made of. */
export interface RosterParts {
  /** Of all jobs. */
  host: JobHost;
  plan: (mirror: MirrorConfig) => JobPlan;
  /** The end, under way, of what a crash left of a mirror that was not configured. */
  leftover: (mirror: string) => Promise<void> | undefined;
}

/** A job that is not configured any more, whose run is not over yet. */
interface Leaving {
  readonly job: Job;
}

/** The jobs of a worker's mirrors, and those that a reload has taken off while a run was under way. */
export class Roster {
  readonly #parts: RosterParts;
  /** In the order of the configuration; a reload adds at the end. */
  readonly #jobs = new Map<string, Job>();
  readonly #leaving = new Map<string, Leaving>();

  constructor(parts: RosterParts) {
    this.#parts = parts;
  }

  /** Of mirrors that are configured. */
  get jobs(): Job[] {
    return [...this.#jobs.values()];
  }

  /** Of mirrors that are not configured any more, too. */
  get all(): Job[] {
    return [...this.jobs, ...Array.from(this.#leaving.values(), ({ job }) => job)];
  }

  get(mirror: string): Job | undefined {
    return this.#jobs.get(mirror);
  }

  has(mirror: string): boolean {
    return this.#jobs.has(mirror);
  }

  /** A mirror's job begins with what is known of it. */
  open(mirror: MirrorConfig, record: JobRecord): Job {
    const { host, plan, leftover } = this.#parts;
    const job = new Job(host, plan(mirror), record);
    this.#jobs.set(mirror.name, job);
    job.open(leftover(mirror.name));
    return job;
  }

  /** Takes another configuration. */
  change({ removed, changed, added }: ConfigChanges): void {
    for (const name of removed) this.#remove(name);
    for (const mirror of changed) this.get(mirror.name)?.rebuild(this.#parts.plan(mirror));
    for (const mirror of added) this.#add(mirror);
  }

  #add(mirror: MirrorConfig): void {
    const { host, plan } = this.#parts;
    const old = this.#leaving.get(mirror.name)?.job;
    this.#leaving.delete(mirror.name);
    if (old !== undefined) {
      // its old run is not gone yet: the same job goes on with the new configuration
      this.#jobs.set(mirror.name, old);
      old.rebuild(plan(mirror));
      old.handle('start');
      return;
    }
    const record = { ...newRecord(mirror.name), nextDue: host.firstDue(mirror) };
    const job = this.open(mirror, record);
    // a run tells of itself; until its time of day comes nobody would know of the mirror
    if (record.nextDue > host.clock.now()) void job.tell();
  }

  #remove(name: string): void {
    const job = this.#jobs.get(name);
    if (job === undefined) return;
    const leaving = { job };
    this.#jobs.delete(name);
    this.#leaving.set(name, leaving);
    job.handle('disable');
    void job.settled.then(() => {
      // it may have come back meanwhile, and may even be leaving once more
      if (this.#leaving.get(name) !== leaving) return;
      this.#leaving.delete(name);
      void this.#parts.host.commit({ removed: name });
    });
  }
}
