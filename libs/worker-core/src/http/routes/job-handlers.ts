import { mountRoutes, type Handlers, type MountedRoute, type Reply } from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import {
  nameProblem,
  shortened,
  workerExtensionRoutes,
  type Clock,
  type JobConfig,
} from '@tunasync/protocol';
import type { JobSnapshot } from '../../interfaces/worker.js';
import { listLogs } from '../logs/list-logs.js';
import type { LogRequest } from '../logs/log-request.js';
import { LogSearches } from '../logs/log-searches.js';
import { LogStreams } from '../logs/log-streams.js';
import { LogReads } from '../logs/read-log.js';
import { RequestError } from '../logs/request-error.js';
import { jobPlan, workerPlan } from './job-plan.js';
import { toWorkerJob } from './to-wire.js';

/** The jobs that a worker shows. */
export interface JobSource {
  /** Worker id. */
  readonly worker: string;
  /** All jobs as they are now. */
  readonly jobs: () => readonly JobSnapshot[];
  /**
   * Returns the active settings of a mirror with secrets masked; undefined for a mirror that is not configured.
   *
   * @defaultValue the worker does not show configurations
   */
  readonly describeConfig?: ((mirror: string) => JobConfig['settings'] | undefined) | undefined;
}

/** Dependencies of {@link jobRoutes}. */
export interface JobRoutesOptions {
  source: JobSource;
  logger: Logger;
  clock: Clock;
}

/** The routes beyond v0.10: the jobs of a worker and their logs. */
export interface JobRoutes {
  readonly routes: readonly MountedRoute[];
  /** Ends all streams; their readers are informed. */
  endStreams(): void;
}

/** Makes the routes with their handlers. */
export function jobRoutes({ source, logger, clock }: JobRoutesOptions): JobRoutes {
  const { worker, jobs, describeConfig } = source;
  const find = (mirror: string): JobSnapshot | undefined => jobs().find(({ name }) => name === mirror);
  const jobOf = ({ name }: { name: string }): JobSnapshot => {
    const job = nameProblem(name) === undefined ? find(name) : undefined;
    if (job === undefined) throw mirrorUnknown(name);
    return job;
  };
  const reads = new LogReads();
  const searches = new LogSearches();
  const streams = new LogStreams({ clock, logger, find });
  const handlers: Handlers<typeof workerExtensionRoutes> = {
    listWorkerJobs: () => ({ value: jobs().map((job) => toWorkerJob(worker, job)) }),
    plan: ({ query }) => ({ value: workerPlan(jobs(), query.hours, clock.now()) }),
    jobPlan: ({ params }) => ({ value: jobPlan(jobOf(params), clock.now()) }),
    jobConfig: ({ params }) => {
      const { name } = jobOf(params);
      const settings = describeConfig?.(name);
      if (settings === undefined) throw mirrorUnknown(name);
      return { value: { settings } };
    },
    listLogs: async ({ params }) => ({ value: { logs: await listLogs(jobOf(params)) } }),
    readLog: ({ params, query }) =>
      respond(jobOf(params), params.log, query, (request) => reads.serve(request)),
    searchLog: ({ params, query }) =>
      respond(jobOf(params), params.log, query, (request) => searches.serve(request)),
    streamLog: ({ params, query }) => respond(jobOf(params), '', query, (request) => streams.serve(request)),
  };
  const routes = mountRoutes(workerExtensionRoutes, handlers);
  return {
    routes:
      describeConfig === undefined
        ? routes.filter(({ route }) => route.path !== workerExtensionRoutes.jobConfig.path)
        : routes,
    endStreams: () => {
      streams.end();
    },
  };
}

function respond<Query>(
  job: JobSnapshot,
  log: string,
  query: Query,
  serve: (request: LogRequest<Query>) => Promise<void>,
): Reply {
  return { respond: (request, response) => serve({ request, response, job, log, query }) };
}

function mirrorUnknown(mirror: string): RequestError {
  return new RequestError('MIRROR_UNKNOWN', `Mirror \`\`${shortened(mirror)}'' not found`);
}
