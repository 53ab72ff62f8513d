import { systemClock, type Clock } from '@tunasync/protocol';
import { axiosTransport } from '../transport/axios-transport.js';
import { RenewableTransport } from '../transport/renewable-transport.js';
import {
  TransportFailure,
  type TransportFactory,
  type TransportOptions,
  type TransportReply,
  type TransportStream,
} from '../transport/transport.js';
import { checkTls, type TlsOptions } from './check-tls.js';
import { ClientOptionsError } from './errors.js';
import { explain } from './explain.js';
import { RequestEnding } from './request-ending.js';

/** Options of every client. */
export interface ConnectionOptions extends TlsOptions {
  /**
   * Milliseconds for a whole request, including the connection.
   * @defaultValue 5000, as in v0.10
   */
  timeoutMs?: number | undefined;
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Makes the connections. @defaultValue {@link axiosTransport} */
  transport?: TransportFactory | undefined;
  /** Measures all times of the client. @defaultValue the machine's */
  clock?: Clock | undefined;
}

/** Options of one request. */
export interface CallOptions {
  /** Aborts the request with `CLIENT_ABORTED`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for this request. @defaultValue the client's */
  timeoutMs?: number | undefined;
}

/** Milliseconds of silence in a body after which the connection counts as broken. */
const defaultIdleMs = 30_000;

/** An answer whose body has not been read yet. */
export interface StreamReply {
  status: number;
  /** Keys are in lower case. */
  headers: TransportStream['headers'];
  /** The body, to be read once. Rejects with a {@link ClientError} when the connection breaks. */
  body: AsyncIterable<Uint8Array>;
  /** Discards the rest of the body and closes the connection. */
  close: () => void;
}

/** Connections that are kept alive, and the rules for every request. */
export class Connection {
  readonly #transport: RenewableTransport;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #closing = new AbortController();

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` */
  constructor(options: ConnectionOptions) {
    const { timeoutMs = 5000, headers = {}, transport = axiosTransport, clock = systemClock } = options;
    checkTls(options);
    this.#transport = new RenewableTransport(transport, transportOptions(options));
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#headers = headers;
  }

  /**
   * Sends a request, with `json` as its body if given. Resolves to the answer, whatever its status.
   * @throws {@link ClientError}
   */
  async exchange(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    json: unknown,
    { signal, timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<TransportReply> {
    const ending = this.#ending(url, signal, timeoutMs);
    const request = {
      method,
      url,
      body: json === undefined ? undefined : JSON.stringify(json),
      headers: {
        ...this.#headers,
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      signal: ending.signal,
    };
    try {
      return await this.#withSecondTry(() => this.#transport.request(request), ending.signal);
    } catch (error) {
      throw ending.explain(error);
    } finally {
      ending.release();
    }
  }

  /**
   * Asks for an answer of any length; `timeoutMs` is the time until it begins. @throws {@link ClientError}
   *
   * @param headers - of this request, beside the client's
   */
  async open(
    url: string,
    headers: Readonly<Record<string, string>>,
    {
      signal,
      timeoutMs = this.#timeoutMs,
      idleMs = defaultIdleMs,
    }: CallOptions & { idleMs?: number | undefined } = {},
  ): Promise<StreamReply> {
    const ending = this.#ending(url, signal, timeoutMs);
    const request = {
      method: 'GET' as const,
      url,
      body: undefined,
      headers: { ...this.#headers, 'accept-encoding': 'identity', ...headers },
      signal: ending.signal,
    };
    try {
      const stream = await this.#withSecondTry(() => this.#transport.open(request), ending.signal);
      ending.disarm();
      return {
        status: stream.status,
        headers: stream.headers,
        body: ending.guard(stream.body, idleMs),
        close: () => {
          ending.abandon();
        },
      };
    } catch (error) {
      ending.release();
      throw ending.explain(error);
    }
  }

  /** Replaces the certificates. @throws {@link ClientOptionsError}; the previous certificates stay active */
  setTls(options: TlsOptions): void {
    checkTls(options);
    if (!this.#closing.signal.aborted) this.#transport.renew(transportOptions(options));
  }

  /** Aborts running requests and destroys all sockets. */
  close(): void {
    this.#closing.abort();
    this.#transport.close();
  }

  #ending(url: string, signal: AbortSignal | undefined, timeoutMs: number): RequestEnding {
    return new RequestEnding(this.#clock, addressOf(url), [signal, this.#closing.signal], timeoutMs);
  }

  /** Sends a request again when a kept connection was closed just before: that is not a refusal by the server. */
  async #withSecondTry<Reply>(send: () => Promise<Reply>, signal: AbortSignal): Promise<Reply> {
    try {
      return await send();
    } catch (error) {
      const stale =
        error instanceof TransportFailure && error.reusedSocket && explain(error.cause).reason === 'closed';
      if (!stale || signal.aborted) throw error;
      return await send();
    }
  }
}

/**
 * Returns the URL without userinfo, query and fragment, for messages.
 *
 * @throws {@link ClientOptionsError} when it is not an `http:` or `https:` URL
 */
export function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    // the message does not show the text: an invalid URL may still hold a password
    throw new ClientOptionsError('expected a URL such as http://127.0.0.1:14242');
  }
  return `${parsed.origin}${parsed.pathname}`;
}

function transportOptions({ caCert, clientCert }: TlsOptions): TransportOptions {
  return { caCert, clientCert };
}
