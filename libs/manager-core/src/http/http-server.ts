import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import {
  createClientGate,
  renewableServer,
  secureServerOptions,
  type ServerTexts,
} from '@tunasync/certificates';
import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import { ManagerError } from '../errors.js';
import { isOpenToAll } from './client-routes.js';
import { refuseMalformed } from './malformed-request.js';
import { sendJson } from './send-reply.js';

/** Options of {@link listen}. */
export interface ListenOptions {
  /** Host name or IP address; IPv6 ones may stand in brackets. Empty: all interfaces. */
  addr: string;
  /** 0: any that is free. */
  port: number;
  /**
   * Certificate and key as PEM text; HTTPS when given. With `clientCa`, most requests take a client certificate:
   * see {@link isOpenToAll}.
   */
  tls?: ServerTexts | undefined;
  logger: Pick<Logger, 'warn' | 'debug'>;
  handler: RequestListener;
  /**
   * Milliseconds after which a connection is closed on which nothing is asked: peers of v0.10 never reuse theirs.
   * @defaultValue 10000
   */
  idleTimeoutMs?: number | undefined;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
}

/** A server that listens. */
export interface ListeningServer {
  /** Such as `http://127.0.0.1:14242`. */
  readonly url: string;
  readonly port: number;
  /** Brings other certificates into force. @throws ManagerError `TLS_INVALID` where plain HTTP is spoken */
  setTls(tls: ServerTexts): void;
  /**
   * Accepts nothing more, lets what is under way be answered for up to `graceMs` milliseconds, and closes everything.
   */
  close(graceMs: number): Promise<void>;
}

/** How often Node looks for connections that took too long, in milliseconds. */
const checkEveryMs = 1_000;
/** Milliseconds that a client gets to send a whole request. */
const requestTimeoutMs = 60_000;
/** Connections that wait to be accepted; the kernel's own limit may be lower. */
const backlog = 4_096;

/** Starts to listen. @throws ManagerError `LISTEN_FAILED`, `TLS_INVALID` that say why in one line */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const { handler, idleTimeoutMs = 10_000, clock = systemClock, tls, logger } = options;
  const gate = tls?.clientCa === undefined ? undefined : createClientGate({ logger, clock });
  let closing = false;
  const onRequest: RequestListener = (request, response) => {
    if (closing) response.shouldKeepAlive = false;
    else active.add(response);
    response.once('close', () => active.delete(response));
    const refusal = gate === undefined || isOpenToAll(request) ? undefined : gate.refusal(request);
    if (refusal === undefined) handler(request, response);
    else refuse(response, refusal);
  };
  const active = new Set<Parameters<RequestListener>[1]>();
  const { server, setTls } = makeServer(options, onRequest, {
    keepAliveTimeout: idleTimeoutMs,
    headersTimeout: idleTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(checkEveryMs, idleTimeoutMs),
  });
  server.on('clientError', refuseMalformed);
  // Node's own list of idle connections leaves out those on which nothing was asked yet
  const sockets = new Set<Socket>();
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await bind(server, options);
  const { port } = server.address() as AddressInfo;

  return {
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(options.addr)}:${port}`,
    port,
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

function makeServer(
  { tls, logger, clock }: ListenOptions,
  onRequest: RequestListener,
  options: ServerOptions,
): { server: Server; setTls: ListeningServer['setTls'] } {
  if (tls === undefined) {
    const setTls = (): never => {
      throw new ManagerError('TLS_INVALID', 'the server speaks plain HTTP');
    };
    return { server: createHttpServer(options, onRequest), setTls };
  }
  try {
    const server = createHttpsServer({ ...options, ...secureServerOptions(tls) }, onRequest);
    return { server, setTls: renewableServer(server, { logger, clock }) };
  } catch (error) {
    throw new ManagerError('TLS_INVALID', `certificate and key are unusable: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Answers a request that takes a client certificate and has none that is accepted. */
function refuse(response: ServerResponse, why: string): void {
  response.setHeader('connection', 'close');
  sendJson(response, 403, JSON.stringify({ error: why }));
}

function bind(server: Server, { addr, port }: ListenOptions): Promise<void> {
  const host = addr.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const why = reasons[error.code ?? ''] ?? messageOf(error);
      reject(
        new ManagerError('LISTEN_FAILED', `cannot listen on ${urlHost(addr)}:${port}: ${why}`, {
          cause: error,
        }),
      );
    };
    server.once('error', onError);
    server.listen({ port, backlog, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'not permitted (ports below 1024 need root or CAP_NET_BIND_SERVICE)',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
  EAFNOSUPPORT: 'this machine does not support such addresses',
};

function urlHost(addr: string): string {
  if (addr === '') return '[::]';
  return addr.includes(':') && !addr.startsWith('[') ? `[${addr}]` : addr;
}
