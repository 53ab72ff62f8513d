import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@tunasync/logger';
import {
  describeIssue,
  messageOf,
  nameProblem,
  shortened,
  TunasyncError,
  workerExtensionRoutes,
  workerPlanQuerySchema,
  type Clock,
  type JobConfig,
  type WorkerExtensionRouteName,
} from '@tunasync/protocol';
import type { z } from 'zod';
import type { JobSnapshot } from '../interfaces/worker.js';
import { sendAnswer } from './command-handler.js';
import { HttpError } from './http-error.js';
import { jobPlan, workerPlan } from './job-plan.js';
import { listLogs } from './list-logs.js';
import { LogSearches } from './log-searches.js';
import { LogStreams } from './log-streams.js';
import { matchPath } from './match-path.js';
import { LogReads } from './read-log.js';
import { sendJson } from './send-json.js';
import { toWorkerJob } from './to-wire.js';

/** The jobs that a worker tells of. */
export interface JobSource {
  /** Worker id. */
  readonly worker: string;
  /** All jobs as they are now. */
  readonly jobs: () => readonly JobSnapshot[];
  /**
   * The settings that are in force for a mirror, secrets masked; undefined for a mirror that is not configured.
   *
   * @defaultValue configurations are not told
   */
  readonly describeConfig?: ((mirror: string) => JobConfig['settings'] | undefined) | undefined;
}

/** A request, decoded and checked. */
export interface JobRequest<Query> {
  request: IncomingMessage;
  response: ServerResponse;
  /** Of the mirror that the path names. */
  job: JobSnapshot;
  /** File name of a log in the path, else empty. */
  log: string;
  query: Query;
}

/** What {@link JobApi} needs. */
export interface JobApiOptions {
  source: JobSource;
  logger: Logger;
  clock: Clock;
}

type Query<Name extends WorkerExtensionRouteName> = (typeof workerExtensionRoutes)[Name] extends {
  query?: infer Schema;
}
  ? z.output<NonNullable<Schema> & z.ZodType>
  : undefined;

type MirrorRouteName = Exclude<WorkerExtensionRouteName, 'listWorkerJobs' | 'plan'>;

type MirrorHandlers = {
  [Name in MirrorRouteName]: (given: JobRequest<Query<Name>>) => Promise<void>;
};

/** Serves the routes beyond v0.10: the jobs of a worker, and their logs. */
export class JobApi {
  readonly #source: JobSource;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #streams: LogStreams;
  readonly #handlers: MirrorHandlers;

  constructor({ source, logger, clock }: JobApiOptions) {
    this.#source = source;
    this.#logger = logger;
    this.#clock = clock;
    this.#streams = new LogStreams({
      clock,
      logger,
      find: (name) => this.#find(name),
    });
    const reads = new LogReads();
    const searches = new LogSearches();
    this.#handlers = {
      jobPlan: ({ response, job }) => {
        sendJson(response, jobPlan(job, clock.now()));
        return Promise.resolve();
      },
      jobConfig: ({ response, job }) => {
        const settings = source.describeConfig?.(job.name);
        if (settings === undefined) throw mirrorUnknown(job.name);
        sendJson(response, { settings });
        return Promise.resolve();
      },
      listLogs: async ({ response, job }) => {
        sendJson(response, { logs: await listLogs(job) });
      },
      readLog: (given) => reads.serve(given),
      searchLog: (given) => searches.serve(given),
      streamLog: (given) => this.#streams.serve(given),
    };
  }

  /** Serves the request if it is for one of these routes; otherwise gives false, and nothing was done with it. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const [path = '', ...query] = (request.url ?? '').split('?');
    try {
      const found = matchPath(path);
      if (found === undefined) return false;
      if (found.name === 'jobConfig' && this.#source.describeConfig === undefined) return false;
      this.#serve(found, query.join('?'), request, response).catch((error: unknown) => {
        this.#refuse(response, error);
      });
    } catch (error) {
      this.#refuse(response, error);
    }
    return true;
  }

  /** Ends all streams: their readers are told. */
  endStreams(): void {
    this.#streams.end();
  }

  async #serve(
    { name, params }: { name: WorkerExtensionRouteName; params: Readonly<Record<string, string>> },
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { worker, jobs } = this.#source;
    if (name === 'listWorkerJobs') {
      sendJson(
        response,
        jobs().map((job) => toWorkerJob(worker, job)),
      );
      return;
    }
    if (name === 'plan') {
      const { hours } = parseQuery(search, workerPlanQuerySchema);
      sendJson(response, workerPlan(jobs(), hours, this.#clock.now()));
      return;
    }
    const { name: mirror = '', log = '' } = params;
    const job = nameProblem(mirror) === undefined ? this.#find(mirror) : undefined;
    if (job === undefined) throw mirrorUnknown(mirror);
    const route = workerExtensionRoutes[name];
    const query = 'query' in route ? parseQuery(search, route.query) : undefined;
    // the query comes from the route's own schema
    const handle = this.#handlers[name] as (given: JobRequest<unknown>) => Promise<void>;
    await handle({ request, response, job, log, query });
  }

  #find(mirror: string): JobSnapshot | undefined {
    return this.#source.jobs().find(({ name }) => name === mirror);
  }

  #refuse(response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) {
      this.#logger.debug(`an answer was given up: ${messageOf(error)}`);
      response.destroy();
      return;
    }
    if (error instanceof HttpError) {
      sendAnswer(response, { status: error.status, message: error.message });
      return;
    }
    this.#logger.warn(`a request could not be answered: ${messageOf(error)}`);
    const message = error instanceof TunasyncError ? error.message : 'internal error';
    sendAnswer(response, { status: 500, message });
  }
}

function mirrorUnknown(mirror: string): HttpError {
  return new HttpError('MIRROR_UNKNOWN', `Mirror \`\`${shortened(mirror)}'' not found`);
}

function parseQuery<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (result.success) return result.data;
  const message = result.error.issues.map((issue) => describeIssue(issue, 'query')).join('; ');
  throw new HttpError('QUERY_INVALID', message);
}
