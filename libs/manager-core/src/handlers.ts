import type { IncomingMessage, ServerResponse } from 'node:http';
import type { managerRoutes, Route, RouteParams } from '@tunasync/protocol';
import type { z } from 'zod';
import type { EncodedBody } from './http/encoded-body.js';
import type { CommandService } from './status/command-service.js';
import type { StatusEncoders } from './status/encode-status.js';
import type { JobsBody } from './status/jobs-body.js';
import type { StatusCache } from './status/status-cache.js';
import type { StatusService } from './status/status-service.js';
import type { WorkerService } from './status/worker-service.js';

/**
 * What a handler answers with status 200: a value to encode, JSON text, a body that is kept encoded, or what answers
 * the request itself, and rejects only when nothing was sent.
 */
export type Reply =
  | { value: unknown }
  | { json: string }
  | { encoded: EncodedBody }
  | { respond: (request: IncomingMessage, response: ServerResponse) => Promise<void> };

/** What a handler is given of a request: everything decoded and checked. */
export interface HandlerInput<R extends Route> {
  params: RouteParams<R['path']>;
  body: R extends { body?: infer Body } ? z.output<NonNullable<Body>> : undefined;
  query: R extends { query?: infer Query } ? z.output<NonNullable<Query>> : undefined;
}

/** One handler a route. They know nothing of HTTP; what they throw becomes the answer. */
export type Handlers<Routes extends Readonly<Record<string, Route>>> = {
  [Name in keyof Routes]: (input: HandlerInput<Routes[Name]>) => Reply | Promise<Reply>;
};

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
export function managerHandlers(deps: HandlerDeps): Handlers<typeof managerRoutes> {
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
