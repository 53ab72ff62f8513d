import { setMaxListeners } from 'node:events';
import { axiosTransport } from './axios-transport.js';
import { checkTls, type TlsOptions } from './check-tls.js';
import { AbortedError, BadReplyError, ClientOptionsError, TimeoutError, UnreachableError } from './errors.js';
import { explain } from './explain.js';
import { RenewableTransport } from './renewable-transport.js';
import {
  TransportFailure,
  type TransportFactory,
  type TransportOptions,
  type TransportReply,
} from './transport.js';

/** Why a request was ended: its time was up. */
const timeUp = Symbol('time up');

/** Options that every client has. */
export interface ConnectionOptions extends TlsOptions {
  /**
   * Milliseconds for a whole request, connecting included.
   * @defaultValue 5000, as the original's
   */
  timeoutMs?: number | undefined;
  /** Headers that go with every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** What makes the connections. @defaultValue {@link axiosTransport} */
  transport?: TransportFactory | undefined;
}

/** Options of one request. */
export interface CallOptions {
  /** Gives the request up with `CLIENT_ABORTED`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for this request. @defaultValue the client's */
  timeoutMs?: number | undefined;
}

/** Connections that are kept alive, and the rules that hold for every request. */
export class Connection {
  readonly #transport: RenewableTransport;
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #closing = new AbortController();

  /** @throws {@link ClientOptionsError} `CLIENT_OPTIONS_INVALID` */
  constructor(options: ConnectionOptions) {
    const { timeoutMs = 5000, headers = {}, transport = axiosTransport } = options;
    checkTls(options);
    this.#transport = new RenewableTransport(transport, transportOptions(options));
    this.#timeoutMs = timeoutMs;
    this.#headers = headers;
  }

  /** Sends `json`, if any, and resolves to whatever answer came. @throws {@link ClientError} */
  async exchange(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    json: unknown,
    { signal, timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<TransportReply> {
    const address = addressOf(url);
    const ending = new AbortController();
    const timer = setTimeout(() => {
      ending.abort(timeUp);
    }, timeoutMs);
    const giveUp = (): void => {
      ending.abort();
    };
    for (const source of [signal, this.#closing.signal]) {
      if (source === undefined) continue;
      if (source.aborted) giveUp();
      // as many listeners as there are requests under way: no leak, so no warning
      setMaxListeners(0, source);
      source.addEventListener('abort', giveUp, { once: true });
    }
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
      if (!(error instanceof TransportFailure)) throw error;
      if (ending.signal.reason === timeUp) {
        if (error.connected) throw new TimeoutError(address, timeoutMs);
        throw new UnreachableError(address, 'timeout', `no connection within ${timeoutMs / 1000} s`);
      }
      if (ending.signal.aborted) throw new AbortedError(address);
      if (isNotHttp(error.cause)) throw new BadReplyError(address, 'it is not HTTP', error.cause);
      const { reason, why } = explain(error.cause);
      throw new UnreachableError(address, reason, why, error.cause);
    } finally {
      clearTimeout(timer);
      for (const source of [signal, this.#closing.signal]) source?.removeEventListener('abort', giveUp);
    }
  }

  /** Uses other certificates from now on. @throws {@link ClientOptionsError}; then those before stay */
  setTls(options: TlsOptions): void {
    checkTls(options);
    if (!this.#closing.signal.aborted) this.#transport.renew(transportOptions(options));
  }

  /** Gives up what is under way and destroys all sockets. */
  close(): void {
    this.#closing.abort();
    this.#transport.close();
  }

  /** An idle connection that the peer closed at that very moment is not the peer's refusal: once more, anew. */
  async #withSecondTry(send: () => Promise<TransportReply>, signal: AbortSignal): Promise<TransportReply> {
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
 * The URL without userinfo, query and fragment, as messages show it.
 *
 * @throws {@link ClientOptionsError} when it is no `http:` or `https:` URL
 */
export function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    // the text is not shown: what cannot be parsed may still hold a password
    throw new ClientOptionsError('expected a URL such as http://127.0.0.1:14242');
  }
  return `${parsed.origin}${parsed.pathname}`;
}

function transportOptions({ caCert, clientCert }: TlsOptions): TransportOptions {
  return { caCert, clientCert };
}

/** Whether it is one of the codes of Node's HTTP parser. */
function isNotHttp(cause: unknown): boolean {
  return (cause as { code?: string } | undefined)?.code?.startsWith('HPE_') ?? false;
}
