import type { AgentOptions } from 'node:https';
import { TunasyncError } from '@tunasync/protocol';

/** One request of a client, complete. */
export interface TransportRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Absolute `http:` or `https:` URL; userinfo in it becomes basic authentication. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Ends the request: its socket is destroyed and {@link Transport.request} rejects. */
  signal: AbortSignal;
}

/** Whatever answer came, of any HTTP status. */
export interface TransportReply {
  status: number;
  /** Decoded as UTF-8. */
  body: string;
}

/** An answer of any HTTP status whose body is still to come. */
export interface TransportStream {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /**
   * The body as it comes, to be read once. Rejects with a {@link TransportFailure} when it breaks off or `signal` is
   * aborted; whoever stops reading closes the connection.
   */
  body: AsyncIterable<Uint8Array>;
}

/** What makes the connections for a client. */
export interface Transport {
  /** Follows no redirects, uses no proxy. @throws {@link TransportFailure} when there is no whole answer. */
  request(request: TransportRequest): Promise<TransportReply>;
  /** The same for an answer of any length. @throws {@link TransportFailure} when none begins */
  open(request: TransportRequest): Promise<TransportStream>;
  /** Destroys all sockets. */
  close(): void;
}

/** A certificate, with the chain behind it if there is one, and its private key, PEM. */
export interface ClientCertificate {
  cert: string;
  key: string;
}

/** What a {@link TransportFactory} is given. */
export interface TransportOptions {
  /** The only certificate authorities to trust, PEM; undefined: the system's. */
  caCert: string | undefined;
  /** Shown to servers that ask for one; undefined: none. */
  clientCert: ClientCertificate | undefined;
}

/** Makes a {@link Transport}. */
export type TransportFactory = (options: TransportOptions) => Transport;

/** A request without an answer, as a {@link Transport} saw it; `cause` is the error of Node.js. */
export class TransportFailure extends TunasyncError {
  /** Whether the connection stood, so that the peer may have got the request. */
  readonly connected: boolean;
  /** Whether it was an idle connection, which the peer may have closed at the same moment. */
  readonly reusedSocket: boolean;

  constructor(cause: unknown, facts: { connected: boolean; reusedSocket: boolean }) {
    super('TRANSPORT_FAILURE', 'the request got no answer', { cause });
    this.connected = facts.connected;
    this.reusedSocket = facts.reusedSocket;
  }
}

/** The options of an HTTPS agent that keeps connections alive. */
export function httpsAgentOptions({ caCert, clientCert }: TransportOptions): AgentOptions {
  return {
    keepAlive: true,
    timeout: idleMs,
    ...(caCert === undefined ? {} : { ca: caCert }),
    ...clientCert,
  };
}

/** Largest answer that is taken, in bytes: some hundred times that of a big manager. */
export const largestReply = 256 * 1024 * 1024;

/**
 * How long an idle connection is kept, in milliseconds: shorter than the 10 s after which servers of this
 * protocol close it (docs/http-api.md, "Transport").
 */
export const idleMs = 8_000;
