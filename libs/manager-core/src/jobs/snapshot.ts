import {
  jobStateOf,
  jobStates,
  type ApiJob,
  type JobState,
  type JobStateCounts,
  type Wait,
  type WorkerState,
} from '@tunasync/protocol';
import type { HeartbeatRegistry } from '../workers/heartbeat-registry.js';
import type { ProgressBoard } from '../workers/progress-board.js';
import type { JobEntry } from './job-entry.js';

/** Three heartbeats: who has sent none for so long is lost. In milliseconds. */
export const lostAfterMs = 90_000;

interface WorkerSnapshot {
  readonly state: WorkerState;
  /** Why jobs do not run; undefined when none waits, or the worker is lost. */
  readonly waits: Readonly<Record<string, Wait>> | undefined;
}

/** Jobs at one moment: what holds for all jobs of a worker is looked up once. */
export class Snapshot {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly #heartbeats: Pick<HeartbeatRegistry, 'get'>;
  readonly #progress: Pick<ProgressBoard, 'get'>;
  readonly #workers = new Map<string, WorkerSnapshot>();

  constructor(now: number, heartbeats: Pick<HeartbeatRegistry, 'get'>, progress: Pick<ProgressBoard, 'get'>) {
    this.now = now;
    this.#heartbeats = heartbeats;
    this.#progress = progress;
  }

  /** Whether a worker is there. */
  workerState(worker: string): WorkerState {
    return this.#worker(worker).state;
  }

  /** What pages call the state of a job. */
  stateOf(entry: JobEntry): JobState {
    const { status } = entry.status;
    const wait = this.waitOf(entry);
    // for most jobs that is the whole answer
    if (wait === undefined && status !== 'pre-syncing' && this.now < entry.read.staleAt) return status;
    return jobStateOf({ status, stale: entry.isStale(this.now) }, wait);
  }

  /** Why a job does not run, though it should; not of a worker that is lost. */
  waitOf({ status: { worker, name } }: JobEntry): Wait | undefined {
    const { waits } = this.#worker(worker);
    return waits !== undefined && Object.hasOwn(waits, name) ? waits[name] : undefined;
  }

  /** A job as pages show it. */
  jobOf(entry: JobEntry): ApiJob {
    const { worker, name } = entry.status;
    const progress = this.progressOf(worker, name);
    const wait = this.waitOf(entry);
    return {
      ...entry.statusAt(this.now),
      state: this.stateOf(entry),
      worker_state: this.workerState(worker),
      ...(progress === undefined ? {} : { progress }),
      ...(wait === undefined ? {} : { waits: wait }),
    };
  }

  /** How far a run under way is. */
  progressOf(worker: string, name: string): ApiJob['progress'] {
    const known = this.#progress.get(worker, name);
    if (known === undefined) return undefined;
    const { name: _name, received: _received, ...progress } = known;
    return progress;
  }

  /** How many of some jobs there are in each state. */
  countStates(entries: Iterable<JobEntry>): JobStateCounts {
    const counts = noStates();
    for (const entry of entries) counts[this.stateOf(entry)] += 1;
    return counts;
  }

  #worker(id: string): WorkerSnapshot {
    let worker = this.#workers.get(id);
    if (worker === undefined) this.#workers.set(id, (worker = this.#lookAt(id)));
    return worker;
  }

  #lookAt(id: string): WorkerSnapshot {
    const known = this.#heartbeats.get(id);
    if (known === undefined) return { state: 'unknown', waits: undefined };
    if (this.now - known.received >= lostAfterMs) return { state: 'lost', waits: undefined };
    const { waits } = known.heartbeat;
    return { state: 'online', waits: Object.keys(waits).length === 0 ? undefined : waits };
  }
}

/** No job in any state. */
export function noStates(): JobStateCounts {
  return Object.fromEntries(jobStates.map((state) => [state, 0])) as JobStateCounts;
}
