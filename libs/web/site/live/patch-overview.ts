import type { ApiAttention, ApiChanges, ApiJob, ApiOverview } from '../api/types.js';
import { patchJob } from './patch-job.js';

/**
 * An overview with the changes of its jobs and workers applied: counts and rows change at once. New entries arrive
 * when the overview is requested again.
 */
export function patchOverview(overview: ApiOverview, changes: ApiChanges): ApiOverview {
  const gone = (job: ApiJob): boolean =>
    changes.removed.some(({ worker, name }) => worker === job.worker && name === job.name);
  const jobs = (list: ApiJob[], isRight: (job: ApiJob) => boolean): ApiJob[] =>
    list
      .filter((job) => !gone(job))
      .map((job) => patchJob(job, changes))
      .filter(isRight);

  const running = jobs(overview.running, isRunning);
  const attention = overview.attention.flatMap((one) => patchAttention(one, changes, gone));
  return {
    ...overview,
    states: changes.states,
    attention,
    attention_total: overview.attention_total - (overview.attention.length - attention.length),
    running,
    running_total: overview.running_total - (overview.running.length - running.length),
    next: jobs(overview.next, (job) => !isRunning(job)),
  };
}

function isRunning({ status }: ApiJob): boolean {
  return status === 'syncing' || status === 'pre-syncing';
}

function patchAttention(
  one: ApiAttention,
  changes: ApiChanges,
  gone: (job: ApiJob) => boolean,
): ApiAttention[] {
  switch (one.kind) {
    case 'failed':
    case 'stale': {
      if (gone(one.job)) return [];
      const job = patchJob(one.job, changes);
      return job.state === 'failed' || job.state === 'stale' ? [{ kind: job.state, job }] : [];
    }
    case 'worker-lost': {
      if (changes.removed_workers.includes(one.worker.id)) return [];
      const worker = changes.workers.find(({ id }) => id === one.worker.id) ?? one.worker;
      return worker.state === 'lost' ? [{ kind: 'worker-lost', worker }] : [];
    }
    case 'disk-low':
      return changes.removed_workers.includes(one.worker) ? [] : [one];
  }
}
