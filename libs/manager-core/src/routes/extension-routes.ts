import type { Handlers } from '@tunasync/http';
import type { managerExtensionRoutes } from '@tunasync/protocol';
import type { StatusJson } from '../jobs/status-json.js';
import type { LiveReports } from '../reports/live-reports.js';
import type { StatusService } from '../reports/status-service.js';
import type { RunService } from '../runs/run-service.js';

/** The services that {@link extensionHandlers} call. */
export interface ExtensionServices {
  live: LiveReports;
  runs: RunService;
  statuses: StatusService;
  json: StatusJson;
}

/** The handlers of all routes beyond the contract. */
export function extensionHandlers(services: ExtensionServices): Handlers<typeof managerExtensionRoutes> {
  const { live, runs, statuses, json } = services;
  const ok = { value: {} };
  return {
    heartbeat: ({ params, body }) => {
      live.heartbeat(params.id, body);
      return ok;
    },
    lastHeartbeat: ({ params }) => ({ value: live.lastHeartbeat(params.id) }),
    listProgress: ({ params }) => ({ value: { progress: live.progressOf(params.id) } }),
    reportProgress: ({ params, body }) => {
      live.progress(params.id, body.progress);
      return ok;
    },
    reportRun: async ({ params, body }) => {
      await runs.report(params.id, body);
      return ok;
    },
    listJobsByName: ({ params }) => ({ json: json.list(statuses.ofMirror(params.name)) }),
    jobHistory: async ({ params, query }) => ({
      value: await runs.history(params.name, query.limit, query.worker),
    }),
  };
}
