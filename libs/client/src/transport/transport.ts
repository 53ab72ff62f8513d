import type { AgentOptions } from 'node:https';
import { TunasyncError } from '@tunasync/protocol';

/** A request of a client. */
export interface TransportRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Absolute `http:` or `https:` URL; userinfo in it becomes basic authentication. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Aborts the request: its socket is destroyed and {@link Transport.request} rejects. */
  signal: AbortSignal;
}

/** A complete answer, of any HTTP status. */
export interface TransportReply {
  status: number;
  /** Decoded as UTF-8. */
  body: string;
}

/** An answer of any HTTP status whose body has not been read yet. */
export interface TransportStream {
  status: number;
  /** Keys are in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /**
   * The body, to be read once. Rejects with a {@link TransportFailure} when the connection breaks or `signal` is
   * aborted. Ending the iteration early closes the connection.
   */
  body: AsyncIterable<Uint8Array>;
}

/** Makes the connections of a client. */
export interface Transport {
  /**
   * Sends a request without following redirects or using a proxy.
   * @throws {@link TransportFailure} when there is no complete answer
   */
  request(request: TransportRequest): Promise<TransportReply>;
  /** Sends a request for an answer of any length. @throws {@link TransportFailure} when no answer begins */
  open(request: TransportRequest): Promise<TransportStream>;
  /** Destroys all sockets. */
  close(): void;
}

/** A certificate, followed by its chain if it has one, and its private key, as PEM texts. */
export interface ClientCertificate {
  cert: string;
  key: string;
}

/** Options of a {@link TransportFactory}. */
export interface TransportOptions {
  /** The only certificate authorities to trust, as PEM text; undefined: the system's authorities. */
  caCert: string | undefined;
  /** Sent to servers that request a client certificate; undefined: none. */
  clientCert: ClientCertificate | undefined;
}

/** Creates a {@link Transport}. */
export type TransportFactory = (options: TransportOptions) => Transport;

/** `TRANSPORT_FAILURE`: a request got no answer; `cause` is the error of Node.js. */
export class TransportFailure extends TunasyncError {
  /** Whether there was a connection, so that the server may have received the request. */
  readonly connected: boolean;
  /** Whether the request used an idle connection, which the server may have closed at the same moment. */
  readonly reusedSocket: boolean;

  constructor(cause: unknown, facts: { connected: boolean; reusedSocket: boolean }) {
    super('TRANSPORT_FAILURE', 'the request got no answer', { cause });
    this.connected = facts.connected;
    this.reusedSocket = facts.reusedSocket;
  }
}

/** Returns the options of an HTTPS agent that keeps connections alive. */
export function httpsAgentOptions({ caCert, clientCert }: TransportOptions): AgentOptions {
  return {
    keepAlive: true,
    timeout: idleMs,
    ...(caCert === undefined ? {} : { ca: caCert }),
    ...clientCert,
  };
}

/** The largest answer that is accepted, in bytes: some hundred times the largest answer of a big manager. */
export const largestReply = 256 * 1024 * 1024;

/**
 * Time in milliseconds for which an idle connection is kept: less than the 10 s after which servers close it
 * (docs/http-api.md).
 */
export const idleMs = 8_000;
