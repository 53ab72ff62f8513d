import {
  buildPath,
  messageOf,
  zeroTime,
  type ClientCmd,
  type Heartbeat,
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
import type { TlsOptions } from './check-tls.js';
import { addressOf, Connection, type CallOptions, type ConnectionOptions } from './connection.js';
import { BadReplyError, RefusedError } from './errors.js';
import { extensionRoutes, listRoutes, managerPaths } from './manager-paths.js';
import type {
  AllManagerRoutes,
  AnyManagerRouteName,
  AnyReplyReader,
  ManagerReply,
  ReplyReader,
} from './manager-reply.js';
import { serverMessage } from './server-message.js';

/** Options of a {@link ManagerClient}. */
export interface ManagerClientOptions extends ConnectionOptions {
  /** Where the manager is: a textual prefix of every path, such as `http://10.0.0.1:14242` or `https://host/tunasync`. */
  baseUrl: string;
  /** Reads the answers of the contract's routes. @defaultValue the schemas of `@tunasync/protocol`, which are loaded with the first answer */
  readReply?: ReplyReader | undefined;
}

/**
 * Speaks to a manager, one method a route. Connections are kept alive; {@link ManagerClient.close} ends them.
 *
 * Every method rejects with a {@link ClientError}: `CLIENT_UNREACHABLE`, `CLIENT_TIMEOUT`, `CLIENT_REFUSED`,
 * `CLIENT_BAD_REPLY` or `CLIENT_ABORTED`.
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
    if (status !== 200) throw new RefusedError(address, status, body, serverMessage(body));
    let reply: unknown;
    try {
      reply = JSON.parse(body);
    } catch (error) {
      throw new BadReplyError(address, 'not JSON', error);
    }
    if (reply === null && listRoutes.has(name)) reply = [];
    // whoever brought a reader brought one for the contract
    const given = extensionRoutes.has(name) ? undefined : (this.#readReply as AnyReplyReader | undefined);
    const read = given ?? (await import('./read-reply.js')).readReply;
    try {
      return read(name, reply);
    } catch (error) {
      throw new BadReplyError(address, messageOf(error), error);
    }
  }
}
