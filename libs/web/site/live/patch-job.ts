import type { ApiChanges, ApiJob } from '../api/types.js';

/** A job with what changed of it; the same object when nothing did. */
export function patchJob(job: ApiJob, { jobs, progress, workers }: ApiChanges): ApiJob {
  const isSame = (other: { worker: string; name: string }): boolean =>
    other.worker === job.worker && other.name === job.name;
  let patched = jobs.find(isSame) ?? job;
  const further = progress.find(isSame);
  if (further !== undefined) {
    const { worker: _worker, name: _name, ...progress } = further;
    patched = { ...patched, progress };
  }
  const worker = workers.find(({ id }) => id === job.worker);
  if (worker !== undefined && worker.state !== patched.worker_state) {
    patched = { ...patched, worker_state: worker.state };
  }
  return patched;
}
