import type { Handlers, Reply } from '@tunasync/http';
import type { managerRoutes } from '@tunasync/protocol';
import type { CommandService } from '../commands/command-service.js';
import type { StatusEncoders } from '../reports/encode-status.js';
import type { JobsBody } from '../reports/jobs-body.js';
import type { StatusService } from '../reports/status-service.js';
import type { StatusCache } from '../store/status-cache.js';
import type { WorkerService } from '../workers/worker-service.js';

/** What the handlers answer from. */
export interface HandlerDeps {
  store: StatusCache;
  workers: WorkerService;
  statuses: StatusService;
  commands: CommandService;
  jobsBody: JobsBody;
  encoders: StatusEncoders;
}

/** The handlers of all routes of the contract. */
export function contractHandlers(deps: HandlerDeps): Handlers<typeof managerRoutes> {
  const { store, workers, statuses, commands, jobsBody, encoders } = deps;
  const message = (text: string): Reply => ({ value: { message: text } });
  return {
    ping: () => message('pong'),
    listJobs: () => ({ encoded: jobsBody.get() }),
    flushDisabledJobs: async () => {
      await statuses.flushDisabled();
      return message('flushed');
    },
    listWorkers: () => ({ value: workers.list().map((worker) => ({ ...worker, token: 'REDACTED' })) }),
    registerWorker: async ({ body }) => ({ value: await workers.register(body) }),
    deleteWorker: async ({ params }) => {
      await workers.remove(params.id);
      return message('deleted');
    },
    listWorkerJobs: ({ params }) => {
      workers.get(params.id);
      return { json: `[${Array.from(store.statusesOf(params.id), encoders.status).join(',')}]` };
    },
    reportStatus: async ({ params, body }) => ({
      json: encoders.status(await statuses.report(params.id, body)),
    }),
    reportSize: async ({ params, body }) => ({
      json: encoders.status(await statuses.reportSize(params.id, body)),
    }),
    reportSchedules: async ({ params, body }) => {
      await statuses.reportSchedules(params.id, body);
      return { value: {} };
    },
    sendCommand: async ({ body }) =>
      message(`successfully send command to worker ${await commands.pass(body)}`),
  };
}
