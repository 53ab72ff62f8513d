import type { Handlers } from '@tunasync/http';
import type { managerApiRoutes } from '@tunasync/protocol';
import type { BulkCommands } from '../commands/bulk-commands.js';
import type { EventFeed } from '../feed/event-feed.js';
import type { JobQueries } from '../jobs/job-queries.js';
import type { WorkerProxy } from '../workers/worker-proxy.js';
import { ApiDocument } from './openapi-document.js';

/** The services that {@link apiHandlers} call. */
export interface ApiServices {
  queries: JobQueries;
  commands: BulkCommands;
  feed: EventFeed;
  proxy: WorkerProxy;
}

/** The handlers of the routes for web pages. */
export function apiHandlers(services: ApiServices): Handlers<typeof managerApiRoutes> {
  const { queries, commands, feed, proxy } = services;
  const document = new ApiDocument();
  return {
    getOverview: async () => ({ value: await queries.overview() }),
    getTimeline: async ({ query }) => ({ value: await queries.timeline(query) }),
    findJobs: ({ query }) => ({ value: queries.find(query) }),
    getJob: ({ params }) => ({ value: queries.job(params.worker, params.name) }),
    getJobPlan: ({ params: { worker, name } }) =>
      proxy.reply('jobPlan', { params: { name }, query: { worker } }),
    getJobConfig: ({ params: { worker, name } }) =>
      proxy.reply('jobConfig', { params: { name }, query: { worker } }),
    findWorkers: () => ({ value: queries.workers() }),
    sendCommands: async ({ body }) => ({ value: await commands.send(body) }),
    streamEvents: () => ({ respond: (request, response) => feed.respond(request, response) }),
    describeApi: () => ({ encoded: document.get() }),
    listLogs: (input) => proxy.reply('listLogs', input),
    readLog: (input) => proxy.reply('readLog', input),
    searchLog: (input) => proxy.reply('searchLog', input),
    streamLog: (input) => proxy.reply('streamLog', input),
  };
}
