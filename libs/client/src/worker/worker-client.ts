import type { WorkerCmd } from '@tunasync/protocol';
import type { TlsOptions } from '../request/check-tls.js';
import { Connection, type CallOptions, type ConnectionOptions } from '../request/connection.js';
import { serverMessage } from '../request/server-message.js';

/** What a worker answered to a command. */
export interface WorkerAnswer {
  /** HTTP status: 200 when the command is accepted. */
  status: number;
  /** The worker's message, or the whole body when it is not in the form of one. */
  message: string;
}

/** Posts commands to workers. Connections are kept alive; {@link WorkerClient.close} ends them. */
export class WorkerClient implements Disposable {
  readonly #connection: Connection;

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` for a certificate that is none */
  constructor(options: ConnectionOptions = {}) {
    this.#connection = new Connection(options);
  }

  /**
   * Posts a command to the URL that the worker registered with. A refusal is an answer too, not an error.
   *
   * @throws {@link ClientError} `CLIENT_UNREACHABLE`, `CLIENT_TIMEOUT` (sent, not confirmed), `CLIENT_ABORTED`
   * @throws {@link ClientOptionsError} when the URL is none
   */
  async send(workerUrl: string, cmd: WorkerCmd, options?: CallOptions): Promise<WorkerAnswer> {
    const { status, body } = await this.#connection.exchange('POST', workerUrl, cmd, options);
    return { status, message: serverMessage(body) ?? body.trim() };
  }

  /**
   * Uses other certificates from now on; requests under way end with those that they began with.
   *
   * @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID`; then those before stay in use
   */
  setTls(options: TlsOptions): void {
    this.#connection.setTls(options);
  }

  /** Gives up what is under way with `CLIENT_ABORTED` and destroys all sockets. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
