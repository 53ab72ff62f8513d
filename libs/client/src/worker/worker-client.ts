import type { WorkerCmd } from '@tunasync/protocol';
import type { TlsOptions } from '../request/check-tls.js';
import {
  Connection,
  type CallOptions,
  type ConnectionOptions,
  type StreamReply,
} from '../request/connection.js';
import { serverMessage } from '../request/server-message.js';

/** A worker's answer to a command. */
export interface WorkerAnswer {
  /** HTTP status: 200 when the command is accepted. */
  status: number;
  /** The worker's message, or the whole body when it holds no message. */
  message: string;
}

/** Options of {@link WorkerClient.open}. */
export interface OpenOptions extends CallOptions {
  /** Headers of this request. @defaultValue none */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds of silence in the body after which its connection counts as broken. @defaultValue 30000 */
  idleMs?: number | undefined;
}

/**
 * A client of workers. It posts commands and reads answers of any length. Connections are kept alive; {@link
 * WorkerClient.close} closes them.
 */
export class WorkerClient implements Disposable {
  readonly #connection: Connection;

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` for an invalid certificate */
  constructor(options: ConnectionOptions = {}) {
    this.#connection = new Connection(options);
  }

  /**
   * Posts a command to the URL that the worker registered with. A refusal by the worker is an answer, not an
   * error.
   *
   * @throws {@link ClientError} `CLIENT_UNREACHABLE`, `CLIENT_TIMEOUT` (sent, not confirmed), `CLIENT_ABORTED`
   * @throws {@link ClientOptionsError} when the URL is invalid
   */
  async send(workerUrl: string, cmd: WorkerCmd, options?: CallOptions): Promise<WorkerAnswer> {
    const { status, body } = await this.#connection.exchange('POST', workerUrl, cmd, options);
    return { status, message: serverMessage(body) ?? body.trim() };
  }

  /**
   * Requests an answer of any length, and resolves as soon as it begins, whatever its status. `timeoutMs` limits
   * the time until then. The caller reads the body to its end or closes it.
   *
   * @param workerUrl - the URL that the worker registered with; its path is kept, such as that of a proxy
   * @param path - begins with `/` and may have a query
   * @throws {@link ClientError} `CLIENT_UNREACHABLE`, `CLIENT_TIMEOUT`, `CLIENT_BAD_REPLY`, `CLIENT_ABORTED`;
   * reading
   *   the body rejects with the same
   * @throws {@link ClientOptionsError} when the URL is invalid
   */
  async open(
    workerUrl: string,
    path: string,
    { headers = {}, ...options }: OpenOptions = {},
  ): Promise<StreamReply> {
    return await this.#connection.open(below(workerUrl, path), headers, options);
  }

  /**
   * Replaces the certificates. Running requests keep theirs; new requests use the new ones.
   *
   * @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID`; the previous certificates stay active
   */
  setTls(options: TlsOptions): void {
    this.#connection.setTls(options);
  }

  /** Aborts running requests with `CLIENT_ABORTED` and destroys all sockets. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Returns the URL of a path below a worker's registered URL. */
function below(workerUrl: string, path: string): string {
  // the connection refuses an invalid URL
  if (!URL.canParse(workerUrl)) return workerUrl;
  const url = new URL(workerUrl);
  const [name = '', ...query] = path.split('?');
  url.pathname = `${url.pathname.replace(/\/$/, '')}${name}`;
  url.search = query.join('?');
  url.hash = '';
  return url.href;
}
