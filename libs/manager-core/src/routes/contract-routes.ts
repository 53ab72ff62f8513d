import type { Handlers, Reply } from '@tunasync/http';
import type { managerRoutes } from '@tunasync/protocol';
import type { CommandService } from '../commands/command-service.js';
import type { StatusJson } from '../jobs/status-json.js';
import type { JobsBody } from '../reports/jobs-body.js';
import type { StatusService } from '../reports/status-service.js';
import type { WorkerService } from '../workers/worker-service.js';

/** The services that {@link contractHandlers} call. */
export interface ContractServices {
  workers: WorkerService;
  statuses: StatusService;
  commands: CommandService;
  jobsBody: JobsBody;
  json: StatusJson;
}

/** The handlers of all routes of the contract. */
export function contractHandlers(services: ContractServices): Handlers<typeof managerRoutes> {
  const { workers, statuses, commands, jobsBody, json } = services;
  const message = (text: string): Reply => ({ value: { message: text } });
  return {
    ping: () => message('pong'),
    listJobs: () => ({ encoded: jobsBody.get() }),
    flushDisabledJobs: async () => {
      await statuses.flushDisabled();
      return message('flushed');
    },
    listWorkers: () => ({ value: workers.list() }),
    registerWorker: async ({ body }) => ({ value: await workers.register(body) }),
    deleteWorker: async ({ params }) => {
      await workers.remove(params.id);
      return message('deleted');
    },
    listWorkerJobs: ({ params }) => ({ json: json.list(statuses.ofWorker(params.id)) }),
    reportStatus: async ({ params, body }) => ({ json: json.one(await statuses.report(params.id, body)) }),
    reportSize: async ({ params, body }) => ({ json: json.one(await statuses.reportSize(params.id, body)) }),
    reportSchedules: async ({ params, body }) => {
      await statuses.reportSchedules(params.id, body);
      return { value: {} };
    },
    sendCommand: async ({ body }) =>
      message(`successfully send command to worker ${await commands.pass(body)}`),
  };
}
