import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@tunasync/logger';
import {
  describeIssue,
  messageOf,
  nameProblem,
  shortened,
  TunasyncError,
  workerExtensionRoutes,
  type Clock,
  type WorkerExtensionRouteName,
} from '@tunasync/protocol';
import { listRunLogs } from '@tunasync/run-log';
import type { z } from 'zod';
import type { JobSnapshot } from '../engine/create-worker.js';
import { sendAnswer } from './command-handler.js';
import { HttpError } from './http-error.js';
import { LogSearches } from './log-searches.js';
import { LogStreams } from './log-streams.js';
import { matchPath } from './match-path.js';
import { readLog } from './read-log.js';
import { sendJson } from './send-json.js';
import { toLogFile, toWorkerJob } from './to-wire.js';

/** The jobs that a worker tells of. */
export interface JobSource {
  /** Worker id. */
  readonly worker: string;
  /** All jobs as they are now. */
  readonly jobs: () => readonly JobSnapshot[];
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

type MirrorRouteName = Exclude<WorkerExtensionRouteName, 'listWorkerJobs'>;

type MirrorHandlers = {
  [Name in MirrorRouteName]: (given: JobRequest<Query<Name>>) => Promise<void>;
};

/** Serves the routes beyond v0.10: the jobs of a worker, and their logs. */
export class JobApi {
  readonly #source: JobSource;
  readonly #logger: Logger;
  readonly #streams: LogStreams;
  readonly #handlers: MirrorHandlers;

  constructor({ source, logger, clock }: JobApiOptions) {
    this.#source = source;
    this.#logger = logger;
    this.#streams = new LogStreams({
      clock,
      logger,
      isConfigured: (name) => this.#find(name) !== undefined,
    });
    const searches = new LogSearches();
    this.#handlers = {
      listLogs: async ({ response, job }) => {
        sendJson(response, { logs: (await listRunLogs(job.logDir, job.name)).map(toLogFile) });
      },
      readLog,
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
    const { name: mirror = '', log = '' } = params;
    const job = nameProblem(mirror) === undefined ? this.#find(mirror) : undefined;
    if (job === undefined)
      throw new HttpError('MIRROR_UNKNOWN', `Mirror \`\`${shortened(mirror)}'' not found`);
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
    const message = error instanceof TunasyncError ? error.message : 'Internal error';
    sendAnswer(response, { status: 500, message });
  }
}

function parseQuery<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (result.success) return result.data;
  const message = result.error.issues.map((issue) => describeIssue(issue, 'query')).join('; ');
  throw new HttpError('QUERY_INVALID', message);
}
