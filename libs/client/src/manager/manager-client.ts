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
  type HeartbeatReply,
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

/**
 * Time limits in milliseconds for requests that a manager forwards to workers: a list of commands, and a long
 * search.
 */
const commandsMs = 120_000;
const searchMs = 15_000;

/**
 * A client of a manager, with one method per route. Connections are kept alive; {@link ManagerClient.close} closes
 * them.
 *
 * Every method rejects with a {@link ClientError}: `CLIENT_UNREACHABLE`, `CLIENT_TIMEOUT`, `CLIENT_REFUSED`,
 * `CLIENT_BAD_REPLY` or `CLIENT_ABORTED`. The methods from {@link ManagerClient.findJobs} on also reject with
 * `CLIENT_NOT_OFFERED`.
 */
export class ManagerClient implements Disposable {
  /** The base URL without userinfo, for messages. */
  readonly address: string;
  readonly #requests: ManagerRequests;

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` for an invalid URL or certificate */
  constructor(options: ManagerClientOptions) {
    this.#requests = new ManagerRequests(options);
    this.address = this.#requests.address;
  }

  /** Checks that the manager answers. Resolves to `pong`. */
  async ping(options?: CallOptions): Promise<string> {
    return (await this.#requests.call('ping', {}, undefined, options)).message;
  }

  /** Returns the statuses of all mirrors of all workers, in the format of status pages. */
  listJobs(options?: CallOptions): Promise<WebMirrorStatus[]> {
    return this.#requests.call('listJobs', {}, undefined, options);
  }

  /** Drops the statuses of disabled mirrors. Resolves to the manager's message. */
  async flushDisabledJobs(options?: CallOptions): Promise<string> {
    return (await this.#requests.call('flushDisabledJobs', {}, undefined, options)).message;
  }

  /** Returns all workers, without their tokens. */
  listWorkers(options?: CallOptions): Promise<WorkerStatus[]> {
    return this.#requests.call('listWorkers', {}, undefined, options);
  }

  /** Registers a worker that takes commands at `url`. Resolves to the worker as the manager stored it. */
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

  /** Returns the statuses of all mirrors of one worker. */
  listWorkerJobs(workerId: string, options?: CallOptions): Promise<MirrorStatus[]> {
    return this.#requests.call('listWorkerJobs', { id: workerId }, undefined, options);
  }

  /** Reports the status of a mirror. Resolves to the status as the manager stored it. */
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

  /** Sends a command to a worker through the manager. Resolves to the manager's message. */
  async sendCommand(cmd: ClientCmd, options?: CallOptions): Promise<string> {
    return (await this.#requests.call('sendCommand', {}, cmd, options)).message;
  }

  /**
   * Replaces the certificates. Running requests keep theirs; new requests use the new ones.
   *
   * @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID`; the previous certificates stay active
   */
  setTls(options: TlsOptions): void {
    this.#requests.setTls(options);
  }

  /**
   * Reports that a worker is alive, with facts about it. A manager of v0.10 answers 404 to this and the next six
   * methods.
   */
  async heartbeat(workerId: string, facts: Heartbeat, options?: CallOptions): Promise<void> {
    await this.#requests.call('heartbeat', { id: workerId }, facts, options);
  }

  /**
   * Returns the facts of a worker's last heartbeat and its time of arrival. The manager answers 404 when there was
   * none.
   */
  lastHeartbeat(workerId: string, options?: CallOptions): Promise<HeartbeatReply> {
    return this.#requests.call('lastHeartbeat', { id: workerId }, undefined, options);
  }

  /** Returns the progress of a worker's running syncs. */
  listProgress(workerId: string, options?: CallOptions): Promise<ProgressReport> {
    return this.#requests.call('listProgress', { id: workerId }, undefined, options);
  }

  /** Reports the progress of a worker's running syncs. */
  async reportProgress(workerId: string, report: ProgressReport, options?: CallOptions): Promise<void> {
    await this.#requests.call('reportProgress', { id: workerId }, report, options);
  }

  /** Reports a finished run. A second report with the same id changes nothing. */
  async reportRun(workerId: string, run: RunRecord, options?: CallOptions): Promise<void> {
    await this.#requests.call('reportRun', { id: workerId }, run, options);
  }

  /** Returns the statuses of a mirror at all workers that have it. The manager answers 404 when no worker has it. */
  listJobsByName(name: string, options?: CallOptions): Promise<MirrorStatus[]> {
    return this.#requests.call('listJobsByName', { name }, undefined, options);
  }

  /**
   * Returns the finished runs of a mirror at all workers, newest first. The manager answers 404 for an unknown
   * mirror.
   */
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

  /** Returns a page of the jobs of all workers, filtered and sorted. */
  findJobs(query: Partial<ApiJobsQuery> = {}, options?: CallOptions): Promise<ApiJobs> {
    return this.#requests.call('findJobs', {}, undefined, options, apiQuery(query));
  }

  /** Returns one job, with its progress and the reason for which it waits. */
  getJob(worker: string, name: string, options?: CallOptions): Promise<ApiJob> {
    return this.#requests.call('getJob', { worker, name }, undefined, options);
  }

  /** Returns all workers, with the facts they reported and whether they are online. */
  findWorkers(options?: CallOptions): Promise<ApiWorker[]> {
    return this.#requests.call('findWorkers', {}, undefined, options);
  }

  /**
   * Sends a command for many jobs, given by a list or a glob. The default time limit is 120 s. Resolves to the
   * answer for each job.
   */
  async sendCommands(
    command: z.input<typeof apiCommandSchema>,
    options?: CallOptions,
  ): Promise<ApiCommandReply['results']> {
    const given = { timeoutMs: commandsMs, ...options };
    return (await this.#requests.call('sendCommands', {}, command, given)).results;
  }

  /**
   * Yields the changes at the manager until the caller stops. The stream is reopened after a loss of the
   * connection; then either nothing is missing, or an event says so. The stream is opened when the first event is
   * requested.
   *
   * @throws {@link ClientError} when it cannot be opened, or cannot be reopened
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

  /** Returns the logs of a mirror, newest first. */
  async listLogs(name: string, { worker, ...options }: CallOptions & AtWorker = {}): Promise<LogFile[]> {
    return (await this.#requests.call('listLogs', { name }, undefined, options, apiQuery({ worker }))).logs;
  }

  /** Reads a log or a part of it, as it is on the worker's disk. It is received while it is read. */
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

  /** Searches a log. When the answer is not `complete`, search again from its `end`. */
  searchLog(
    name: string,
    log: string,
    { worker, timeoutMs = searchMs, signal, ...search }: CallOptions & AtWorker & LogSearch,
  ): Promise<LogSearchReply> {
    const query = apiQuery({ worker, ...search });
    return this.#requests.call('searchLog', { name, log }, undefined, { timeoutMs, signal }, query);
  }

  /**
   * Follows the newest log of a mirror line by line while it is written, and then the log of each next attempt.
   * After a loss of the connection, it resumes after the last line. The stream is opened when the first event is
   * requested.
   *
   * @throws {@link ClientError} when it cannot be opened at first, unless `after` is given, or cannot be reopened
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
        // there was no log before: every line of a log that began since then is new
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

  /** Aborts running requests with `CLIENT_ABORTED` and destroys all sockets. */
  close(): void {
    this.#requests.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
