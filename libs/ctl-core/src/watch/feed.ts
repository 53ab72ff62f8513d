import type { ManagerClient } from '@tunasync/client';
import { messageOf, TunasyncError, type ApiChanges, type ApiJob, type Clock } from '@tunasync/protocol';
import type { Job } from '../tables/job-times.js';
import { passed } from './passed.js';

/** What a feed is made of. */
export interface FeedOptions {
  manager: Pick<ManagerClient, 'listJobs' | 'findJobs' | 'events'>;
  clock: Clock;
  /** Milliseconds between two looks, where the manager does not tell what changes. */
  intervalMs: number;
  signal: AbortSignal;
  /** Is told why there is nothing new. */
  onProblem: (why: string) => void;
}

/** How things are. */
export interface News {
  jobs: readonly Job[];
  /** Whether the manager tells at once when something changes. */
  isTold: boolean;
}

/** News, one after the other. */
export type Feed = AsyncGenerator<News, void, undefined>;

/** Jobs of one page, at most. Source: docs/http-api.md. */
const pageSize = 1000;
/** How often it is begun anew because the jobs became more or fewer between two pages. */
const mostTries = 5;

/**
 * All jobs as often as something changes: told by the manager, or looked for where it is too old to tell, or where what
 * is between here and there lets no stream of events through.
 *
 * @throws what the client rejects with when it is asked for the first time
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
    // of a manager that was there before, this is as good an answer: it was exchanged for an old one
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
      // the first time, what goes wrong is an error: nothing is shown yet
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

/** @returns isSteady - false: a job may have moved to a page that was there before, and be left out */
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

/** Undefined: somebody has had enough. */
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
