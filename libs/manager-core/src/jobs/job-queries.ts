import type {
  ApiJob,
  ApiJobs,
  ApiJobsQuery,
  ApiOverview,
  ApiTimeline,
  ApiWorker,
  apiTimelineQuerySchema,
} from '@tunasync/protocol';
import type { z } from 'zod';
import type { RunIndex } from '../runs/run-index.js';
import type { WorkerPlans } from '../workers/worker-plans.js';
import type { WorkerService } from '../workers/worker-service.js';
import type { JobIndex } from './job-index.js';
import type { JobViews } from './job-views.js';
import { overviewOf } from './overview.js';
import { queryJobs } from './query-jobs.js';
import { timelineOf } from './timeline.js';

/** Options of {@link JobQueries}. */
export interface JobQueriesOptions {
  workers: WorkerService;
  index: JobIndex;
  views: JobViews;
  runs: RunIndex;
  plans: WorkerPlans;
}

/** Half-hours of a day. */
const spansOfDay = 48;

/** The questions that pages ask. */
export class JobQueries {
  readonly #options: JobQueriesOptions;

  constructor(options: JobQueriesOptions) {
    this.#options = options;
  }

  async overview(): Promise<ApiOverview> {
    const { index, views, runs } = this.#options;
    await runs.loadBriefly();
    return overviewOf({ index, views, runs: runs.spans(spansOfDay) });
  }

  /** @throws ManagerError `WORKER_UNKNOWN` */
  async timeline(query: z.output<typeof apiTimelineQuerySchema>): Promise<ApiTimeline> {
    await this.#options.runs.loadBriefly();
    return timelineOf(this.#options, query);
  }

  /** One page of the jobs that match, and the numbers of all that match. */
  find(query: ApiJobsQuery): ApiJobs {
    const { index, views } = this.#options;
    const snapshot = views.snapshot();
    const { page, ...found } = queryJobs(
      { all: index.entries(), snapshot, counts: () => index.counts(), states: () => views.states() },
      query,
    );
    return { ...found, jobs: page.map((entry) => snapshot.jobOf(entry)) };
  }

  /** @throws ManagerError `MIRROR_NOT_FOUND`, `WORKER_UNKNOWN` */
  job(worker: string, name: string): ApiJob {
    return this.#options.views.job(worker, name);
  }

  workers(): ApiWorker[] {
    return this.#options.views.workers();
  }
}
