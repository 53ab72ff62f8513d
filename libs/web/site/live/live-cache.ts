import type { QueryClient } from '@tanstack/react-query';
import type { ApiChanges, ApiJob, ApiJobs, ApiOverview, ApiWorker } from '../api/types.js';
import type { LiveFeed } from './live-feed.js';
import { patchJob } from './patch-job.js';
import { patchOverview } from './patch-overview.js';

/** Milliseconds between two requests for the summaries. */
const summaryMs = 2000;
/** Summaries by the manager, which are requested again after changes. */
const summaries = ['overview'];

/** Fields of a job that change when a run or an attempt starts or ends, and when its record arrives. */
const tellsOfRuns = [
  'status',
  'last_started',
  'last_ended',
  'next_schedule',
  'consecutive_failures',
  'last_transferred_bytes',
  'total_transferred_bytes',
] as const;

/** Keeps cached answers up to date. @returns a function that stops it */
export function keepCacheLive(client: QueryClient, feed: Pick<LiveFeed, 'subscribe'>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = feed.subscribe((message) => {
    if (message.kind === 'missed') void askAgain(client);
    if (message.kind !== 'changes') return;
    patch(client, message.changes);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const key of summaries) void client.invalidateQueries({ queryKey: [key] });
    }, summaryMs);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/**
 * Requests everything again. Requests in progress finish first and are then repeated: they may predate the outage.
 */
async function askAgain(client: QueryClient): Promise<void> {
  const onItsWay = client.getQueryCache().findAll({ fetchStatus: 'fetching' });
  await client.invalidateQueries({}, { cancelRefetch: false });
  for (const { queryKey } of onItsWay) void client.invalidateQueries({ queryKey, exact: true });
}

function patch(client: QueryClient, changes: ApiChanges): void {
  client.setQueryData<ApiWorker[]>(['workers'], (workers) => workers && patchWorkers(workers, changes));
  client.setQueryData<ApiOverview>(['overview'], (overview) => overview && patchOverview(overview, changes));
  client.setQueriesData<ApiJobs>({ queryKey: ['jobs'] }, (page) => page && patchJobs(page, changes));
  for (const { worker, name } of changes.removed) {
    void client.invalidateQueries({ queryKey: ['job', worker, name] });
  }
  for (const [key, job] of client.getQueriesData<ApiJob>({ queryKey: ['job'] })) {
    const patched = job && patchJob(job, changes);
    if (patched === undefined || patched === job) continue;
    client.setQueryData(key, patched);
    // a run or an attempt started or ended, or a record arrived: records, logs and the plan are new
    if (job !== undefined && tellsOfRuns.every((field) => job[field] === patched[field])) continue;
    for (const of of ['history', 'plan', 'logs']) {
      void client.invalidateQueries({ queryKey: [of, patched.worker, patched.name] });
    }
  }
}

/** The workers with the changes applied. */
export function patchWorkers(
  workers: ApiWorker[],
  { workers: changed, removed_workers }: ApiChanges,
): ApiWorker[] {
  if (changed.length === 0 && removed_workers.length === 0) return workers;
  const byId = new Map(workers.map((worker) => [worker.id, worker]));
  for (const worker of changed) byId.set(worker.id, worker);
  for (const id of removed_workers) byId.delete(id);
  return [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** A page of jobs with the changes applied. Rows keep their places. */
export function patchJobs(page: ApiJobs, changes: ApiChanges): ApiJobs {
  const jobs = page.jobs.map((job) => patchJob(job, changes));
  if (jobs.every((job, index) => job === page.jobs[index])) return page;
  return { ...page, jobs };
}
