import type { ApiChanges, ApiJob, JobKey } from '../api/types.js';

/** The changes that {@link patchJob} applies. */
export type JobChanges = Pick<ApiChanges, 'jobs' | 'progress' | 'workers'>;

interface Found {
  jobs: ReadonlyMap<string, ApiJob>;
  progress: ReadonlyMap<string, ApiChanges['progress'][number]>;
  workers: ReadonlyMap<string, ApiChanges['workers'][number]>;
}

/** A batch may contain thousands of jobs, and be applied to thousands. */
const found = new WeakMap<JobChanges, Found>();

function findIn(changes: JobChanges): Found {
  let known = found.get(changes);
  if (known === undefined) {
    known = {
      jobs: new Map(changes.jobs.map((job) => [keyOf(job), job])),
      progress: new Map(changes.progress.map((progress) => [keyOf(progress), progress])),
      workers: new Map(changes.workers.map((worker) => [worker.id, worker])),
    };
    found.set(changes, known);
  }
  return known;
}

/** A job with its changes applied; the same object if there are none. */
export function patchJob(job: ApiJob, changes: JobChanges): ApiJob {
  const { jobs, progress, workers } = findIn(changes);
  const key = keyOf(job);
  let patched = jobs.get(key) ?? job;
  const further = progress.get(key);
  if (further !== undefined) {
    const { worker: _worker, name: _name, ...progress } = further;
    patched = { ...patched, progress };
  }
  const worker = workers.get(job.worker);
  if (worker !== undefined && worker.state !== patched.worker_state) {
    patched = { ...patched, worker_state: worker.state };
  }
  return patched;
}

/** Neither worker ids nor mirror names contain a zero byte. */
function keyOf({ worker, name }: JobKey): string {
  return `${worker}\0${name}`;
}
