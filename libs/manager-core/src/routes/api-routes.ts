import type { Handlers } from '@tunasync/http';
import type { Clock, ClockTimer, managerApiRoutes } from '@tunasync/protocol';
import type { BulkCommands } from '../commands/bulk-commands.js';
import type { EventFeed } from '../feed/event-feed.js';
import type { JobIndex } from '../jobs/job-index.js';
import type { JobViews } from '../jobs/job-views.js';
import { overviewOf } from '../jobs/overview.js';
import { queryJobs } from '../jobs/query-jobs.js';
import { timelineOf } from '../jobs/timeline.js';
import type { RunIndex } from '../runs/run-index.js';
import type { StatusCache } from '../store/status-cache.js';
import type { WorkerPlans } from '../workers/worker-plans.js';
import type { WorkerProxy } from '../workers/worker-proxy.js';
import { ApiDocument } from './openapi-document.js';

/** What the handlers answer from. */
export interface ApiDeps {
  proxy: WorkerProxy;
  plans: WorkerPlans;
  store: StatusCache;
  table: JobIndex;
  runs: RunIndex;
  views: JobViews;
  feed: EventFeed;
  commands: BulkCommands;
  clock: Clock;
}

/** Milliseconds that an answer waits for the runs to be read; after that it tells what is known. */
const readRunsMs = 300;
/** Half-hours of a day. */
const spansOfDay = 48;

/** The handlers of the routes for web pages. */
export function apiHandlers({
  proxy,
  plans,
  store,
  table,
  runs,
  views,
  feed,
  commands,
  clock,
}: ApiDeps): Handlers<typeof managerApiRoutes> {
  const document = new ApiDocument();
  const runsRead = async (): Promise<void> => {
    let timer: ClockTimer | undefined;
    const late = new Promise<void>((resolve) => (timer = clock.after(readRunsMs, resolve, { unref: true })));
    await Promise.race([runs.load(), late]);
    timer?.cancel();
  };
  return {
    getOverview: async () => {
      await runsRead();
      return { value: overviewOf({ table, views, runs: runs.spans(spansOfDay) }) };
    },
    getTimeline: async ({ query }) => {
      await runsRead();
      return { value: await timelineOf({ store, table, views, runs, plans }, query) };
    },
    findJobs: ({ query }) => {
      const snapshot = views.snapshot();
      const searched = {
        all: table.entries(),
        snapshot,
        counts: () => table.counts(),
        states: () => views.states(),
      };
      const { page, ...found } = queryJobs(searched, query);
      return { value: { ...found, jobs: page.map((entry) => snapshot.jobOf(entry)) } };
    },
    getJob: ({ params }) => ({ value: views.job(params.worker, params.name) }),
    getJobPlan: ({ params: { worker, name } }) =>
      proxy.reply('jobPlan', { params: { name }, query: { worker } }),
    getJobConfig: ({ params: { worker, name } }) =>
      proxy.reply('jobConfig', { params: { name }, query: { worker } }),
    findWorkers: () => ({ value: views.workers() }),
    sendCommands: async ({ body }) => ({ value: await commands.send(body) }),
    streamEvents: () => ({ respond: (request, response) => feed.respond(request, response) }),
    describeApi: () => ({ encoded: document.get() }),
    listLogs: (input) => proxy.reply('listLogs', input),
    readLog: (input) => proxy.reply('readLog', input),
    searchLog: (input) => proxy.reply('searchLog', input),
    streamLog: (input) => proxy.reply('streamLog', input),
  };
}
