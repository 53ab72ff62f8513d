import {
  buildPath,
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
  type RunRecord,
  type WorkerFactsReply,
  type SizeReport,
  type WebMirrorStatus,
  type WorkerStatus,
} from '@tunasync/protocol';
import type { z } from 'zod';
import type { TlsOptions } from '../request/check-tls.js';
import type { CallOptions } from '../request/connection.js';
import type { FollowOptions } from '../streams/follow-stream.js';
import type { LogEvent } from '../streams/log-event.js';
import type { ManagerEvent } from '../streams/manager-event.js';
import { apiQuery } from './api-query.js';
import type { AtWorker, LogFollowing, LogRange, LogSearch } from './log-options.js';
import { logPart, type LogPart } from './log-part.js';
import { managerPaths } from './manager-paths.js';
import { ManagerRequests, type ManagerClientOptions } from './manager-requests.js';

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
  readonly #requests: ManagerRequests;

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` for a URL or certificate that is none */
  constructor(options: ManagerClientOptions) {
    this.#requests = new ManagerRequests(options);
    this.address = this.#requests.address;
  }

  /** Whether the manager is there. Resolves to `pong`. */
  async ping(options?: CallOptions): Promise<string> {
    return (await this.#requests.call('ping', {}, undefined, options)).message;
  }

  /** Status of all mirrors of all workers, as status pages read it. */
  listJobs(options?: CallOptions): Promise<WebMirrorStatus[]> {
    return this.#requests.call('listJobs', {}, undefined, options);
  }

  /** Drops the statuses of disabled mirrors. Resolves to the manager's message. */
  async flushDisabledJobs(options?: CallOptions): Promise<string> {
    return (await this.#requests.call('flushDisabledJobs', {}, undefined, options)).message;
  }

  /** All workers; tokens are not shown. */
  listWorkers(options?: CallOptions): Promise<WorkerStatus[]> {
    return this.#requests.call('listWorkers', {}, undefined, options);
  }

  /** Registers a worker at the `url` where it takes commands. Resolves to what the manager stored. */
  registerWorker(
    worker: { id: string; url: string; token?: string },
    options?: CallOptions,
  ): Promise<WorkerStatus> {
    const body = { token: '', last_online: zeroTime, last_register: zeroTime, ...worker };
    return this.#requests.call('registerWorker', {}, body, options);
  }

  /** Removes a worker and the statuses of its mirrors. Resolves to the manager's message. */
  async deleteWorker(workerId: string, options?: CallOptions): Promise<string> {
    return (await this.#requests.call('deleteWorker', { id: workerId }, undefined, options)).message;
  }

  /** Status of all mirrors of one worker. */
  listWorkerJobs(workerId: string, options?: CallOptions): Promise<MirrorStatus[]> {
    return this.#requests.call('listWorkerJobs', { id: workerId }, undefined, options);
  }

  /** Reports the status of a mirror. Resolves to what the manager stored. */
  reportStatus(workerId: string, status: MirrorStatus, options?: CallOptions): Promise<MirrorStatus> {
    return this.#requests.call('reportStatus', { id: workerId, job: status.name }, status, options);
  }

  /** Sets the size of a mirror. Resolves to the mirror's status. */
  reportSize(workerId: string, report: SizeReport, options?: CallOptions): Promise<MirrorStatus> {
    return this.#requests.call('reportSize', { id: workerId, job: report.name }, report, options);
  }

  /** Reports when the mirrors of a worker are due. */
  async reportSchedules(workerId: string, schedules: MirrorSchedules, options?: CallOptions): Promise<void> {
    await this.#requests.call('reportSchedules', { id: workerId }, schedules, options);
  }

  /** Has a command passed on to a worker. Resolves to the manager's message. */
  async sendCommand(cmd: ClientCmd, options?: CallOptions): Promise<string> {
    return (await this.#requests.call('sendCommand', {}, cmd, options)).message;
  }

  /**
   * Uses other certificates from now on; requests under way end with those that they began with.
   *
   * @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID`; then those before stay in use
   */
  setTls(options: TlsOptions): void {
    this.#requests.setTls(options);
  }

  /** Says that a worker is alive, with facts about it. A manager of v0.10 answers 404, as to the next six. */
  async heartbeat(workerId: string, facts: Heartbeat, options?: CallOptions): Promise<void> {
    await this.#requests.call('heartbeat', { id: workerId }, facts, options);
  }

  /** The facts of a worker's last heartbeat, and when it arrived; 404 when there was none. */
  lastHeartbeat(workerId: string, options?: CallOptions): Promise<WorkerFactsReply> {
    return this.#requests.call('lastHeartbeat', { id: workerId }, undefined, options);
  }

  /** How far the running syncs of a worker are. */
  listProgress(workerId: string, options?: CallOptions): Promise<ProgressReport> {
    return this.#requests.call('listProgress', { id: workerId }, undefined, options);
  }

  /** Reports how far the running syncs of a worker are. */
  async reportProgress(workerId: string, report: ProgressReport, options?: CallOptions): Promise<void> {
    await this.#requests.call('reportProgress', { id: workerId }, report, options);
  }

  /** Reports a finished run; the same id twice changes nothing. */
  async reportRun(workerId: string, run: RunRecord, options?: CallOptions): Promise<void> {
    await this.#requests.call('reportRun', { id: workerId }, run, options);
  }

  /** Status of a mirror at all workers that have it; 404 when none has. */
  listJobsByName(name: string, options?: CallOptions): Promise<MirrorStatus[]> {
    return this.#requests.call('listJobsByName', { name }, undefined, options);
  }

  /** Finished runs of a mirror at all workers, newest first; 404 when nothing is known of the mirror. */
  jobHistory(name: string, options: CallOptions & { limit?: number } = {}): Promise<RunRecord[]> {
    const { limit, ...rest } = options;
    return this.#requests.call(
      'jobHistory',
      { name },
      undefined,
      rest,
      limit === undefined ? '' : `?limit=${limit}`,
    );
  }

  /** A page of the jobs of all workers, which filters leave, sorted. */
  findJobs(query: Partial<ApiJobsQuery> = {}, options?: CallOptions): Promise<ApiJobs> {
    return this.#requests.call('findJobs', {}, undefined, options, apiQuery(query));
  }

  /** One job, with its progress and why it waits. */
  getJob(worker: string, name: string, options?: CallOptions): Promise<ApiJob> {
    return this.#requests.call('getJob', { worker, name }, undefined, options);
  }

  /** All workers, with what they told of themselves and whether they are there. */
  findWorkers(options?: CallOptions): Promise<ApiWorker[]> {
    return this.#requests.call('findWorkers', {}, undefined, options);
  }

  /** Has a command passed on for many jobs, which are listed or fit a glob. Has 120 s. Resolves to the answer of each. */
  async sendCommands(
    command: z.input<typeof apiCommandSchema>,
    options?: CallOptions,
  ): Promise<ApiCommandReply['results']> {
    const given = { timeoutMs: commandsMs, ...options };
    return (await this.#requests.call('sendCommands', {}, command, given)).results;
  }

  /**
   * What changes at the manager, on and on: through a loss of the connection, after which nothing is missing or it is
   * said so. The stream is opened when the first event is asked for.
   *
   * @throws {@link ClientError} when it cannot be opened, or never again
   */
  async *events(options: FollowOptions = {}): AsyncGenerator<ManagerEvent, void, undefined> {
    const [{ followStream }, { managerEvent }] = await Promise.all([
      import('../streams/follow-stream.js'),
      import('../streams/manager-event.js'),
    ]);
    const address = `${this.address}${managerPaths.streamEvents.path}`;
    const messages = followStream({
      ...options,
      address,
      open: (last) => this.#requests.openEvents('streamEvents', {}, '', last, options),
    });
    for await (const message of messages) {
      const event = managerEvent(address, message);
      if (event !== undefined) yield event;
    }
  }

  /** The logs of a mirror, newest first. */
  async listLogs(name: string, { worker, ...options }: CallOptions & AtWorker = {}): Promise<LogFile[]> {
    return (await this.#requests.call('listLogs', { name }, undefined, options, apiQuery({ worker }))).logs;
  }

  /** A log or a part of it, as it is on the worker's disk. It comes while it is read. */
  async readLog(
    name: string,
    log: string,
    { worker, from, to, tail, ...options }: CallOptions & AtWorker & LogRange = {},
  ): Promise<LogPart> {
    const params = { name, log };
    const reply = await this.#requests.open(
      'readLog',
      params,
      apiQuery({ worker, from, to, tail }),
      {},
      options,
    );
    return logPart(`${this.address}${buildPath(managerPaths.readLog, params)}`, reply);
  }

  /** Searches a log. When the answer is not `complete`, the rest is found from its `end` on. */
  searchLog(
    name: string,
    log: string,
    { worker, timeoutMs = searchMs, signal, ...search }: CallOptions & AtWorker & LogSearch,
  ): Promise<LogSearchReply> {
    const query = apiQuery({ worker, ...search });
    return this.#requests.call('searchLog', { name, log }, undefined, { timeoutMs, signal }, query);
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
      import('../streams/follow-stream.js'),
      import('../streams/log-event.js'),
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
        return this.#requests.openEvents('streamLog', { name }, query, last, following);
      },
    });
    for await (const message of messages) {
      const event = logEvent(address, message);
      if (event !== undefined) yield event;
    }
  }

  /** Gives up what is under way with `CLIENT_ABORTED` and destroys all sockets. */
  close(): void {
    this.#requests.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
