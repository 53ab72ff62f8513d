import type { Clock, managerApiRoutes } from '@tunasync/protocol';
import { ApiDocument } from './api-document.js';
import type { EventFeed } from './feed/event-feed.js';
import type { Handlers } from './handlers.js';
import type { BulkCommands } from './status/bulk-commands.js';
import { findJobs } from './status/find-jobs.js';
import type { JobViews } from './status/job-views.js';
import type { StatusCache } from './status/status-cache.js';
import type { WorkerProxy } from './worker-proxy.js';

/** What the handlers answer from. */
export interface ApiDeps {
  proxy: WorkerProxy;
  store: StatusCache;
  views: JobViews;
  feed: EventFeed;
  commands: BulkCommands;
  clock: Pick<Clock, 'now'>;
}

/** The handlers of the routes for web pages. */
export function apiHandlers({
  proxy,
  store,
  views,
  feed,
  commands,
  clock,
}: ApiDeps): Handlers<typeof managerApiRoutes> {
  const document = new ApiDocument();
  return {
    findJobs: ({ query }) => {
      const { page, ...found } = findJobs(store.statuses(), query, views, clock.now());
      return { value: { ...found, jobs: page.map((status) => views.of(status)) } };
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
