import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createClientGate,
  renewableServer,
  secureServerOptions,
  type ServerTexts,
} from '@tunasync/certificates';
import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, TunasyncError, type Clock } from '@tunasync/protocol';
import type { CommandTarget } from '../interfaces/commands.js';
import { commandHandler, sendAnswer } from './command-handler.js';
import { JobApi, type JobSource } from './job-api.js';

/** Options of {@link createCommandServer}. */
export interface CommandServerOptions {
  /** What carries the commands out. */
  target: CommandTarget;
  logger: Logger;
  /** Serves the routes beyond v0.10 about these jobs and their logs. @defaultValue commands are taken, and nothing else */
  jobs?: JobSource | undefined;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
  /** Address to listen on; `[::]` and `::1` are IPv6. @defaultValue all interfaces */
  host?: string | undefined;
  /** 0: any free one. */
  port: number;
  /**
   * Serves HTTPS: certificate chain and key, PEM. With `clientCa`, commands are taken only from who shows a
   * certificate of that authority. @defaultValue plain HTTP
   */
  tls?: ServerTexts | undefined;
  /** Idle connections are closed after so many milliseconds. @defaultValue 10000 */
  idleMs?: number | undefined;
}

/** The worker's own server: takes commands from managers. */
export interface CommandServer extends AsyncDisposable {
  /** Where it listens; undefined while it does not. */
  readonly address: { host: string; port: number } | undefined;
  /** Resolves when it listens. @throws TunasyncError `SERVER_LISTEN_FAILED`, `SERVER_TLS_INVALID` */
  start(): Promise<void>;
  /**
   * Brings other certificates into force, also for later starts. Whether there is a `clientCa` has to stay as it was.
   *
   * @throws TunasyncError `SERVER_TLS_INVALID`; then those before stay in force
   */
  setTls(tls: ServerTexts): void;
  /** Answers what is under way, then closes all connections. */
  stop(): Promise<void>;
}

/** Source: docs/http-api.md, "Transport". */
const defaultIdleMs = 10_000;

/** Milliseconds that requests under way get when the server stops; a command is answered within 4 s. */
const stopMs = 4500;

/** Most connections at a time: old managers leave theirs open, each until it has been idle for long enough. */
const maxConnections = 10_000;

/** The server of docs/http-api.md, "Worker". `start` and `stop` may be repeated. */
export function createCommandServer(options: CommandServerOptions): CommandServer {
  const { target, logger, clock = systemClock, idleMs = defaultIdleMs } = options;
  const commands = commandHandler(target, logger);
  const api = options.jobs === undefined ? undefined : new JobApi({ source: options.jobs, logger, clock });
  const listener: RequestListener = (request, response) => {
    if (api?.serve(request, response) !== true) commands(request, response);
  };
  let { tls } = options;
  let running: { server: Server; setTls: (tls: ServerTexts) => void; listening: Promise<void> } | undefined;
  let stopping: Promise<void> = Promise.resolve();

  const start = async (): Promise<void> => {
    await stopping;
    if (running === undefined) {
      const mine = {
        ...(await createServer({ ...options, tls }, listener)),
        listening: Promise.resolve(),
      };
      // a connection is idle between requests, and also while it sends none or only half of one
      mine.server.keepAliveTimeout = idleMs;
      mine.server.headersTimeout = idleMs;
      mine.server.requestTimeout = idleMs;
      mine.server.timeout = idleMs;
      mine.server.maxConnections = maxConnections;
      running ??= mine;
      if (running === mine) mine.listening = listen(mine.server, options);
    }
    const { listening } = running;
    try {
      await listening;
    } catch (error) {
      running = undefined;
      throw error;
    }
  };

  const stop = (): Promise<void> => {
    const server = running?.server;
    running = undefined;
    api?.endStreams();
    if (server !== undefined) stopping = close(server);
    return stopping;
  };

  return {
    get address() {
      const address = running?.server.address() as AddressInfo | null | undefined;
      return address === null || address === undefined
        ? undefined
        : { host: address.address, port: address.port };
    },
    start,
    setTls(texts) {
      try {
        running?.setTls(texts);
      } catch (error) {
        throw tlsError(error);
      }
      tls = texts;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function createServer(
  { tls, idleMs, logger }: CommandServerOptions,
  listener: RequestListener,
): Promise<{ server: Server; setTls: (tls: ServerTexts) => void }> {
  if (tls === undefined) return { server: createHttpServer(listener), setTls: () => undefined };
  const https = await import('node:https');
  const guarded = tls.clientCa === undefined ? listener : clientsOnly(listener, logger);
  try {
    const handshakeTimeout = idleMs ?? defaultIdleMs;
    const server = https.createServer({ ...secureServerOptions(tls), handshakeTimeout }, guarded);
    return { server, setTls: renewableServer(server, { logger }) };
  } catch (error) {
    throw tlsError(error);
  }
}

/** Serves only who shows a client certificate that is accepted; everybody else is told why not. */
function clientsOnly(listener: RequestListener, logger: Logger): RequestListener {
  const gate = createClientGate({ logger });
  return (request, response) => {
    const refusal = gate.refusal(request);
    if (refusal === undefined) listener(request, response);
    else sendAnswer(response, { status: 403, message: refusal, close: true });
  };
}

function tlsError(error: unknown): TunasyncError {
  return new TunasyncError(
    'SERVER_TLS_INVALID',
    `the certificate and the key of the worker's server cannot be used: ${messageOf(error)}`,
    { cause: error },
  );
}

function listen(server: Server, { host = '', port, logger }: CommandServerOptions): Promise<void> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const where = bare === '' ? `port ${port}` : `${bare.includes(':') ? `[${bare}]` : bare}:${port}`;
      const message = `cannot listen on ${where}: ${reasonOf(error)}`;
      reject(new TunasyncError('SERVER_LISTEN_FAILED', message, { cause: error }));
    };
    server.once('error', fail);
    server.listen({ port, ...(bare === '' ? {} : { host: bare }) }, () => {
      server.off('error', fail);
      server.on('error', (error) => {
        logger.error(`the command server: ${messageOf(error)}`);
      });
      resolve();
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'the port is in use';
    case 'EACCES':
      return 'not permitted (ports below 1024 need root or CAP_NET_BIND_SERVICE)';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name cannot be resolved';
    default:
      return messageOf(error);
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, 50);
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, stopMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
  });
}
