import type { ManagerClient } from '@tunasync/client';
import { messageOf, TunasyncError, type ApiChanges, type ApiJob, type Clock } from '@tunasync/protocol';
import type { Job } from '../tables/job-times.js';
import { passed } from './passed.js';

/** Options of {@link newsOfJobs}. */
export interface FeedOptions {
  manager: Pick<ManagerClient, 'listJobs' | 'findJobs' | 'events'>;
  clock: Clock;
  /** Milliseconds between two requests, if the manager has no stream of changes. */
  intervalMs: number;
  signal: AbortSignal;
  /** Receives the reason for which there are no news. */
  onProblem: (why: string) => void;
}

/** The current state of all jobs. */
export interface News {
  jobs: readonly Job[];
  /** Whether the manager pushes changes at once. */
  isTold: boolean;
}

/** A sequence of states. */
export type Feed = AsyncGenerator<News, void, undefined>;

/** The maximum number of jobs of a page. Source: docs/http-api.md. */
const pageSize = 1000;
/** The maximum number of attempts to read all pages while the number of jobs changes. */
const mostTries = 5;

/**
 * Yields all jobs whenever something changes. The manager pushes changes; if it is too old for that, or a proxy
 * blocks the stream of events, the jobs are polled.
 *
 * @throws the errors of the client, for the first request
 */
export async function* newsOfJobs(options: FeedOptions): Feed {
  let isAny = false;
  try {
    for await (const news of toldJobs(options)) {
      isAny = true;
      yield news;
    }
  } catch (error) {
    if (options.signal.aborted || !(error instanceof TunasyncError)) throw error;
    // the running manager was replaced by an old one: poll it
    if (isAny && error.code !== 'CLIENT_NOT_OFFERED') throw error;
    yield* lookedUpJobs(options);
  }
}

async function* lookedUpJobs({ manager, clock, intervalMs, signal, onProblem }: FeedOptions): Feed {
  yield { jobs: await manager.listJobs({ signal }), isTold: false };
  while (await passed(clock, intervalMs, signal)) {
    let jobs: readonly Job[] | undefined;
    try {
      jobs = await manager.listJobs({ signal });
    } catch (error) {
      onProblem(messageOf(error));
    }
    if (jobs !== undefined) yield { jobs, isTold: false };
  }
}

async function* toldJobs(options: FeedOptions): Feed {
  const { manager, clock, signal, onProblem } = options;
  const onLost = (error: Error): void => {
    onProblem(messageOf(error));
  };
  let jobs: Map<string, ApiJob> | undefined;
  for await (const { type, data } of manager.events({ signal, clock, onLost })) {
    if (type === 'end') {
      onProblem(data.reason);
      continue;
    }
    if (type === 'lag') continue;
    if (type === 'changes' && jobs !== undefined) apply(jobs, data);
    else if (jobs === undefined || type === 'reset' || (type === 'hello' && !data.resumed)) {
      // a failure of the first request is an error, because nothing is shown yet
      jobs = jobs === undefined ? await findAll(options) : await findUntilThere(options);
    }
    if (jobs === undefined) return;
    yield { jobs: [...jobs.values()], isTold: true };
  }
}

const keyOf = ({ worker, name }: { worker: string; name: string }): string => JSON.stringify([worker, name]);

function apply(jobs: Map<string, ApiJob>, { jobs: changed, removed, progress }: ApiChanges): void {
  for (const job of changed) jobs.set(keyOf(job), job);
  for (const key of removed) jobs.delete(keyOf(key));
  for (const entry of progress) {
    const job = jobs.get(keyOf(entry));
    if (job !== undefined) jobs.set(keyOf(entry), { ...job, progress: entry });
  }
}

async function findAll(options: FeedOptions): Promise<Map<string, ApiJob>> {
  for (let tries = 1; ; tries += 1) {
    const { all, isSteady } = await findOnce(options);
    if (isSteady || tries === mostTries) return all;
  }
}

/** @returns isSteady - false: a job may have moved to a page that was read before, and be missing */
async function findOnce({
  manager,
  signal,
}: FeedOptions): Promise<{ all: Map<string, ApiJob>; isSteady: boolean }> {
  const all = new Map<string, ApiJob>();
  let first: number | undefined;
  for (let offset = 0; ;) {
    const { jobs, total } = await manager.findJobs({ sort: 'name', offset, limit: pageSize }, { signal });
    for (const job of jobs) all.set(keyOf(job), job);
    first ??= total;
    offset += jobs.length;
    if (jobs.length === 0 || offset >= total) return { all, isSteady: total === first };
  }
}

/** Repeats the request until it succeeds; resolves to undefined when the signal is aborted. */
async function findUntilThere(options: FeedOptions): Promise<Map<string, ApiJob> | undefined> {
  for (;;) {
    try {
      return await findAll(options);
    } catch (error) {
      if (!options.signal.aborted) options.onProblem(messageOf(error));
    }
    if (!(await passed(options.clock, options.intervalMs, options.signal))) return undefined;
  }
}
