import {
  buildPath,
  messageOf,
  zeroTime,
  type apiCommandSchema,
  type ApiCommandReply,
  type ApiJob,
  type ApiJobs,
  type ApiJobsQuery,
  type ApiWorker,
  type ClientCmd,
  type Heartbeat,
  type LogFile,
  type LogSearchReply,
  type MirrorSchedules,
  type MirrorStatus,
  type ProgressReport,
  type RouteParams,
  type RunRecord,
  type WorkerFactsReply,
  type SizeReport,
  type WebMirrorStatus,
  type WorkerStatus,
} from '@tunasync/protocol';
import type { z } from 'zod';
import { apiQuery } from './api-query.js';
import type { TlsOptions } from './check-tls.js';
import {
  addressOf,
  Connection,
  type CallOptions,
  type ConnectionOptions,
  type StreamReply,
} from './connection.js';
import { BadReplyError, RefusedError } from './errors.js';
import type { FollowOptions } from './follow-stream.js';
import type { LogEvent } from './log-event.js';
import { logPart, type LogPart } from './log-part.js';
import type { ManagerEvent } from './manager-event.js';
import { apiRoutes, extensionRoutes, listRoutes, managerPaths } from './manager-paths.js';
import type {
  AllManagerRoutes,
  AnyManagerRouteName,
  AnyReplyReader,
  ManagerReply,
  ReplyReader,
} from './manager-reply.js';
import { apiRefusal } from './not-offered.js';
import { serverMessage } from './server-message.js';

/** Options of a {@link ManagerClient}. */
export interface ManagerClientOptions extends ConnectionOptions {
  /** Where the manager is: a textual prefix of every path, such as `http://10.0.0.1:14242` or `https://host/tunasync`. */
  baseUrl: string;
  /** Reads the answers of the contract's routes. @defaultValue the schemas of `@tunasync/protocol`, which are loaded with the first answer */
  readReply?: ReplyReader | undefined;
}

/** Which worker is meant. */
export interface AtWorker {
  /** Needed where several workers have the mirror. */
  worker?: string | undefined;
}

/** Which part of a log is read: from one offset to another, in bytes, or its last lines. */
export interface LogRange {
  /** Offset of the first byte. @defaultValue 0 */
  from?: number | undefined;
  /** Offset behind the last byte. @defaultValue the end */
  to?: number | undefined;
  /** The last so many lines, at most 10,000 and 1 MiB; instead of the others. */
  tail?: number | undefined;
}

/** What a log is searched for. */
export interface LogSearch {
  /** At most 500 characters. */
  q: string;
  /** Whether `q` is an RE2 expression. @defaultValue false */
  regex?: boolean | undefined;
  /** Whether upper and lower case differ. @defaultValue false */
  case?: boolean | undefined;
  /** Offset of the line to begin with. @defaultValue 0 */
  from?: number | undefined;
  /** The most lines that are answered, up to 1,000. @defaultValue 100 */
  limit?: number | undefined;
}

/** Where a log is followed from. */
export interface LogFollowing {
  /** Lines that come first, up to 10,000. @defaultValue 100 */
  tail?: number | undefined;
  /** Instead of `tail`: the log, without `.fail`, and the offset behind the last line that is known. */
  after?: { log: string; offset: number } | undefined;
}

/** Milliseconds that a manager may take for what it asks workers: each of many commands, and a long search. */
const commandsMs = 120_000;
const searchMs = 15_000;

/**
 * Speaks to a manager, one method a route. Connections are kept alive; {@link ManagerClient.close} ends them.
 *
 * Every method rejects with a {@link ClientError}: `CLIENT_UNREACHABLE`, `CLIENT_TIMEOUT`, `CLIENT_REFUSED`,
 * `CLIENT_BAD_REPLY` or `CLIENT_ABORTED`; those from {@link ManagerClient.findJobs} on also with `CLIENT_NOT_OFFERED`.
 */
export class ManagerClient implements Disposable {
  /** The base URL without userinfo, for messages. */
  readonly address: string;
  readonly #base: string;
  readonly #connection: Connection;
  readonly #readReply: ReplyReader | undefined;

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` for a URL or certificate that is none */
  constructor(options: ManagerClientOptions) {
    this.#base = options.baseUrl.replace(/\/+$/, '');
    this.address = addressOf(this.#base).replace(/\/$/, '');
    this.#connection = new Connection(options);
    this.#readReply = options.readReply;
  }

  /** Whether the manager is there. Resolves to `pong`. */
  async ping(options?: CallOptions): Promise<string> {
    return (await this.#call('ping', {}, undefined, options)).message;
  }

  /** Status of all mirrors of all workers, as status pages read it. */
  listJobs(options?: CallOptions): Promise<WebMirrorStatus[]> {
    return this.#call('listJobs', {}, undefined, options);
  }

  /** Drops the statuses of disabled mirrors. Resolves to the manager's message. */
  async flushDisabledJobs(options?: CallOptions): Promise<string> {
    return (await this.#call('flushDisabledJobs', {}, undefined, options)).message;
  }

  /** All workers; tokens are not shown. */
  listWorkers(options?: CallOptions): Promise<WorkerStatus[]> {
    return this.#call('listWorkers', {}, undefined, options);
  }

  /** Registers a worker at the `url` where it takes commands. Resolves to what the manager stored. */
  registerWorker(
    worker: { id: string; url: string; token?: string },
    options?: CallOptions,
  ): Promise<WorkerStatus> {
    const body = { token: '', last_online: zeroTime, last_register: zeroTime, ...worker };
    return this.#call('registerWorker', {}, body, options);
  }

  /** Removes a worker and the statuses of its mirrors. Resolves to the manager's message. */
  async deleteWorker(workerId: string, options?: CallOptions): Promise<string> {
    return (await this.#call('deleteWorker', { id: workerId }, undefined, options)).message;
  }

  /** Status of all mirrors of one worker. */
  listWorkerJobs(workerId: string, options?: CallOptions): Promise<MirrorStatus[]> {
    return this.#call('listWorkerJobs', { id: workerId }, undefined, options);
  }

  /** Reports the status of a mirror. Resolves to what the manager stored. */
  reportStatus(workerId: string, status: MirrorStatus, options?: CallOptions): Promise<MirrorStatus> {
    return this.#call('reportStatus', { id: workerId, job: status.name }, status, options);
  }

  /** Sets the size of a mirror. Resolves to the mirror's status. */
  reportSize(workerId: string, report: SizeReport, options?: CallOptions): Promise<MirrorStatus> {
    return this.#call('reportSize', { id: workerId, job: report.name }, report, options);
  }

  /** Reports when the mirrors of a worker are due. */
  async reportSchedules(workerId: string, schedules: MirrorSchedules, options?: CallOptions): Promise<void> {
    await this.#call('reportSchedules', { id: workerId }, schedules, options);
  }

  /** Has a command passed on to a worker. Resolves to the manager's message. */
  async sendCommand(cmd: ClientCmd, options?: CallOptions): Promise<string> {
    return (await this.#call('sendCommand', {}, cmd, options)).message;
  }

  /**
   * Uses other certificates from now on; requests under way end with those that they began with.
   *
   * @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID`; then those before stay in use
   */
  setTls(options: TlsOptions): void {
    this.#connection.setTls(options);
  }

  /** Says that a worker is alive, with facts about it. A manager of v0.10 answers 404, as to the next six. */
  async heartbeat(workerId: string, facts: Heartbeat, options?: CallOptions): Promise<void> {
    await this.#call('heartbeat', { id: workerId }, facts, options);
  }

  /** The facts of a worker's last heartbeat, and when it arrived; 404 when there was none. */
  lastHeartbeat(workerId: string, options?: CallOptions): Promise<WorkerFactsReply> {
    return this.#call('lastHeartbeat', { id: workerId }, undefined, options);
  }

  /** How far the running syncs of a worker are. */
  listProgress(workerId: string, options?: CallOptions): Promise<ProgressReport> {
    return this.#call('listProgress', { id: workerId }, undefined, options);
  }

  /** Reports how far the running syncs of a worker are. */
  async reportProgress(workerId: string, report: ProgressReport, options?: CallOptions): Promise<void> {
    await this.#call('reportProgress', { id: workerId }, report, options);
  }

  /** Reports a finished run; the same id twice changes nothing. */
  async reportRun(workerId: string, run: RunRecord, options?: CallOptions): Promise<void> {
    await this.#call('reportRun', { id: workerId }, run, options);
  }

  /** Status of a mirror at all workers that have it; 404 when none has. */
  listJobsByName(name: string, options?: CallOptions): Promise<MirrorStatus[]> {
    return this.#call('listJobsByName', { name }, undefined, options);
  }

  /** Finished runs of a mirror at all workers, newest first; 404 when nothing is known of the mirror. */
  jobHistory(name: string, options: CallOptions & { limit?: number } = {}): Promise<RunRecord[]> {
    const { limit, ...rest } = options;
    return this.#call('jobHistory', { name }, undefined, rest, limit === undefined ? '' : `?limit=${limit}`);
  }

  /** A page of the jobs of all workers, which filters leave, sorted. */
  findJobs(query: Partial<ApiJobsQuery> = {}, options?: CallOptions): Promise<ApiJobs> {
    return this.#call('findJobs', {}, undefined, options, apiQuery(query));
  }

  /** One job, with its progress and why it waits. */
  getJob(worker: string, name: string, options?: CallOptions): Promise<ApiJob> {
    return this.#call('getJob', { worker, name }, undefined, options);
  }

  /** All workers, with what they told of themselves and whether they are there. */
  findWorkers(options?: CallOptions): Promise<ApiWorker[]> {
    return this.#call('findWorkers', {}, undefined, options);
  }

  /** Has a command passed on for many jobs, which are listed or fit a glob. Has 120 s. Resolves to the answer of each. */
  async sendCommands(
    command: z.input<typeof apiCommandSchema>,
    options?: CallOptions,
  ): Promise<ApiCommandReply['results']> {
    const given = { timeoutMs: commandsMs, ...options };
    return (await this.#call('sendCommands', {}, command, given)).results;
  }

  /**
   * What changes at the manager, on and on: through a loss of the connection, after which nothing is missing or it is
   * said so. The stream is opened when the first event is asked for.
   *
   * @throws {@link ClientError} when it cannot be opened, or never again
   */
  async *events(options: FollowOptions = {}): AsyncGenerator<ManagerEvent, void, undefined> {
    const [{ followStream }, { managerEvent }] = await Promise.all([
      import('./follow-stream.js'),
      import('./manager-event.js'),
    ]);
    const address = `${this.address}${managerPaths.streamEvents.path}`;
    const messages = followStream({
      ...options,
      address,
      open: (last) => this.#openEvents('streamEvents', {}, '', last, options),
    });
    for await (const message of messages) {
      const event = managerEvent(address, message);
      if (event !== undefined) yield event;
    }
  }

  /** The logs of a mirror, newest first. */
  async listLogs(name: string, { worker, ...options }: CallOptions & AtWorker = {}): Promise<LogFile[]> {
    return (await this.#call('listLogs', { name }, undefined, options, apiQuery({ worker }))).logs;
  }

  /** A log or a part of it, as it is on the worker's disk. It comes while it is read. */
  async readLog(
    name: string,
    log: string,
    { worker, from, to, tail, ...options }: CallOptions & AtWorker & LogRange = {},
  ): Promise<LogPart> {
    const params = { name, log };
    const reply = await this.#open('readLog', params, apiQuery({ worker, from, to, tail }), {}, options);
    return logPart(`${this.address}${buildPath(managerPaths.readLog, params)}`, reply);
  }

  /** Searches a log. When the answer is not `complete`, the rest is found from its `end` on. */
  searchLog(
    name: string,
    log: string,
    { worker, timeoutMs = searchMs, signal, ...search }: CallOptions & AtWorker & LogSearch,
  ): Promise<LogSearchReply> {
    const query = apiQuery({ worker, ...search });
    return this.#call('searchLog', { name, log }, undefined, { timeoutMs, signal }, query);
  }

  /**
   * The newest log of a mirror while it is written, line by line, and then that of the next attempt, on and on: through
   * a loss of the connection too, after which it goes on where it was. The stream is opened when the first event is
   * asked for.
   *
   * @throws {@link ClientError} when it cannot be opened at first, unless `after` is given, or never again
   */
  async *followLog(
    name: string,
    options: FollowOptions & AtWorker & LogFollowing = {},
  ): AsyncGenerator<LogEvent, void, undefined> {
    const { worker, tail, after, ...following } = options;
    const [{ followStream }, { logEvent, maxTailLines }] = await Promise.all([
      import('./follow-stream.js'),
      import('./log-event.js'),
    ]);
    const address = `${this.address}${buildPath(managerPaths.streamLog, { name })}`;
    const messages = followStream({
      ...following,
      address,
      after: after && `${after.log}:${after.offset}`,
      open: (last, wasOpen) => {
        // there was no log yet: all of one that began meanwhile is new
        const lines = wasOpen && last === undefined ? maxTailLines : tail;
        const query = apiQuery({ worker, tail: lines });
        return this.#openEvents('streamLog', { name }, query, last, following);
      },
    });
    for await (const message of messages) {
      const event = logEvent(address, message);
      if (event !== undefined) yield event;
    }
  }

  /** Gives up what is under way with `CLIENT_ABORTED` and destroys all sockets. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #call<Name extends AnyManagerRouteName>(
    name: Name,
    params: RouteParams<AllManagerRoutes[Name]['path']>,
    json: unknown,
    options: CallOptions | undefined,
    query = '',
  ): Promise<ManagerReply<Name>> {
    const route: (typeof managerPaths)[Name] = managerPaths[name];
    const path = buildPath<AllManagerRoutes[Name]['path']>(route, params);
    const url = `${this.#base}${path}${query}`;
    const { status, body } = await this.#connection.exchange(route.method, url, json, options);
    const address = `${this.address}${path}`;
    if (status !== 200 && apiRoutes.has(name)) throw apiRefusal(address, status, body);
    if (status !== 200) throw new RefusedError(address, status, body, serverMessage(body));
    let reply: unknown;
    try {
      reply = JSON.parse(body);
    } catch (error) {
      throw new BadReplyError(address, 'not JSON', error);
    }
    if (reply === null && listRoutes.has(name)) reply = [];
    // whoever brought a reader brought one for the contract
    const isBeyond = extensionRoutes.has(name) || apiRoutes.has(name);
    const given = isBeyond ? undefined : (this.#readReply as AnyReplyReader | undefined);
    const read = given ?? (await import('./read-reply.js')).readReply;
    try {
      return read(name, reply);
    } catch (error) {
      throw new BadReplyError(address, messageOf(error), error);
    }
  }

  /** Opens the stream of an answer that is not JSON. */
  async #open<Name extends 'readLog' | 'streamEvents' | 'streamLog'>(
    name: Name,
    params: RouteParams<AllManagerRoutes[Name]['path']>,
    query: string,
    headers: Readonly<Record<string, string>>,
    options: CallOptions & { idleMs?: number },
  ): Promise<StreamReply> {
    const path = buildPath<AllManagerRoutes[Name]['path']>(managerPaths[name], params);
    const reply = await this.#connection.open(`${this.#base}${path}${query}`, headers, options);
    if (reply.status === 200) return reply;
    const body = await textOf(reply);
    throw apiRefusal(`${this.address}${path}`, reply.status, body);
  }

  async #openEvents<Name extends 'streamEvents' | 'streamLog'>(
    name: Name,
    params: RouteParams<AllManagerRoutes[Name]['path']>,
    query: string,
    lastEventId: string | undefined,
    { signal, timeoutMs, idleMs }: FollowOptions,
  ): Promise<StreamReply> {
    const type = 'text/event-stream';
    const headers = {
      accept: type,
      // a new try must not get to a server that only ends what is under way on the connection
      connection: 'close',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    const reply = await this.#open(name, params, query, headers, {
      signal,
      timeoutMs,
      ...(idleMs === undefined ? {} : { idleMs }),
    });
    if (String(reply.headers['content-type']).startsWith(type)) return reply;
    reply.close();
    const path = buildPath<AllManagerRoutes[Name]['path']>(managerPaths[name], params);
    throw new BadReplyError(`${this.address}${path}`, 'no stream of events');
  }
}

/** Bytes of a refusal that are read. */
const longestRefusal = 64 * 1024;

async function textOf({ body, close }: StreamReply): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestRefusal) break;
  }
  close();
  return Buffer.concat(chunks).toString('utf8');
}
