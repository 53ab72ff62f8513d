import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createClientGate, type ServerTexts } from '@tunasync/certificates';
import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { defaultErrorText, type ErrorText } from '../replies/send-error.js';
import { sendJson } from '../replies/send-json.js';
import { slowReaderMs as defaultSlowReaderMs } from '../streams/event-stream.js';
import { bind, urlHost } from './bind.js';
import { createServer } from './create-server.js';
import { refuseMalformed } from './refuse-malformed.js';

/** Options of {@link listen}. */
export interface ListenOptions {
  /** Host name or IP address; an IPv6 address may be in brackets. Empty: all interfaces. */
  host: string;
  /** 0: any free port. */
  port: number;
  /**
   * Certificate and key as PEM text, for HTTPS. With `clientCa`, every request that is not {@link isPublic} needs a
   * client certificate of that authority. @defaultValue plain HTTP
   */
  tls?: ServerTexts | undefined;
  /** Whether a request is served without a client certificate. @defaultValue none is */
  isPublic?: ((request: IncomingMessage) => boolean) | undefined;
  logger: Pick<Logger, 'error' | 'warn' | 'debug'>;
  handler: RequestListener;
  /** The form of error answers. @defaultValue `{"error": message}` */
  errorText?: ErrorText | undefined;
  /**
   * Milliseconds after which an idle connection is closed. The time for the headers of a request and for a TLS handshake
   * is the same. Peers of v0.10 never reuse a connection. @defaultValue 10000
   */
  idleMs?: number | undefined;
  /** Milliseconds in which a client must send a whole request. @defaultValue 60000 */
  requestMs?: number | undefined;
  /** Milliseconds in which a client must take something of an answer. @defaultValue 120000 */
  slowReaderMs?: number | undefined;
  /** Largest number of connections; further ones are closed. @defaultValue no limit */
  maxConnections?: number | undefined;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
}

/** A server that listens. */
export interface ListeningServer {
  /** For example `http://127.0.0.1:14242`. */
  readonly url: string;
  /** The address that the server is bound to. */
  readonly address: { readonly host: string; readonly port: number };
  /**
   * Replaces certificate and key. Connections that used the previous ones are closed, after the answer that is running on
   * them. @throws HttpError `TLS_INVALID` for unusable texts, or when the server speaks plain HTTP
   */
  setTls(tls: ServerTexts): void;
  /** Accepts no further connections, lets running answers finish for up to `graceMs` milliseconds, and closes all. */
  close(graceMs: number): Promise<void>;
}

/** How often Node looks for connections that took too long, in milliseconds. */
const checkEveryMs = 1_000;

/**
 * Starts to listen. A client that takes nothing of an answer for `slowReaderMs` is disconnected.
 *
 * @throws HttpError `LISTEN_FAILED`, `TLS_INVALID` that say why in one line
 */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const { host, port, handler, tls, logger, isPublic = () => false, errorText = defaultErrorText } = options;
  const { idleMs = 10_000, requestMs = 60_000, slowReaderMs = defaultSlowReaderMs } = options;
  const { maxConnections, clock = systemClock } = options;
  const gate = tls?.clientCa === undefined ? undefined : createClientGate({ logger, clock });
  const active = new Set<ServerResponse>();
  let closing = false;
  const onRequest: RequestListener = (request, response) => {
    if (closing) response.shouldKeepAlive = false;
    else active.add(response);
    response.once('close', () => active.delete(response));
    const refusal = gate === undefined || isPublic(request) ? undefined : gate.refusal(request);
    if (refusal === undefined) {
      handler(request, response);
      return;
    }
    response.setHeader('connection', 'close');
    sendJson(response, 403, errorText(refusal));
  };
  const limits = {
    keepAliveTimeout: idleMs,
    headersTimeout: idleMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(checkEveryMs, idleMs),
  };
  const { server, setTls } = await createServer(tls, limits, idleMs, { logger, clock }, onRequest);
  server.timeout = slowReaderMs;
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  server.on('clientError', (error, socket) => {
    const running = [...active].find((response) => response.socket === socket);
    refuseMalformed(error, socket, running, errorText);
  });
  // Node's own list of idle connections omits those that have not sent anything
  const sockets = new Set<Socket>();
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await bind(server, host, port);
  server.on('error', (error) => {
    logger.error(`the HTTP server: ${messageOf(error)}`);
  });
  const bound = server.address() as AddressInfo;

  return {
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(host)}:${bound.port}`,
    address: { host: bound.address, port: bound.port },
    setTls,
    close(graceMs) {
      closing = true;
      const busy = new Set<Socket | null>();
      for (const response of active) {
        response.shouldKeepAlive = false;
        busy.add(response.socket);
      }
      return new Promise((resolve) => {
        const timer = clock.after(graceMs, () => {
          server.closeAllConnections();
        });
        server.close(() => {
          timer.cancel();
          resolve();
        });
        for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
      });
    },
  };
}
