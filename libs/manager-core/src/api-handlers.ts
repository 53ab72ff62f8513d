import type { managerApiRoutes } from '@tunasync/protocol';
import type { Handlers } from './handlers.js';
import type { WorkerProxy } from './worker-proxy.js';

/** What the handlers answer from. */
export interface ApiDeps {
  proxy: WorkerProxy;
}

/** The handlers of the routes for web pages. */
export function apiHandlers({ proxy }: ApiDeps): Handlers<typeof managerApiRoutes> {
  return {
    listLogs: (input) => proxy.reply('listLogs', input),
    readLog: (input) => proxy.reply('readLog', input),
    searchLog: (input) => proxy.reply('searchLog', input),
    streamLog: (input) => proxy.reply('streamLog', input),
  };
}
