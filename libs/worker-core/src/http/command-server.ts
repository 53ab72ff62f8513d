import type { RequestListener } from 'node:http';
import type { ServerTexts } from '@tunasync/certificates';
import {
  browserGuard,
  dispatcher,
  HttpError,
  listen,
  sendJson,
  type HttpErrorCode,
  type ListeningServer,
} from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import { systemClock, TunasyncError, type Clock } from '@tunasync/protocol';
import { SerialQueue } from '@tunasync/util';
import type { CommandTarget } from '../interfaces/commands.js';
import { commandRoute, messageText } from './routes/command-route.js';
import { jobRoutes, type JobSource } from './routes/job-handlers.js';

/** Options of {@link createCommandServer}. */
export interface CommandServerOptions {
  /** Carries the commands out. */
  target: CommandTarget;
  logger: Logger;
  /** Serves the routes beyond v0.10 about these jobs and their logs. @defaultValue commands are the only route */
  jobs?: JobSource | undefined;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
  /** Address to listen on; `[::]` and `::1` are IPv6. @defaultValue all interfaces */
  host?: string | undefined;
  /** 0: any free port. */
  port: number;
  /**
   * Serves HTTPS: certificate chain and key, PEM. With `clientCa`, every request needs a client certificate of that
   * authority. @defaultValue plain HTTP
   */
  tls?: ServerTexts | undefined;
  /** Milliseconds after which an idle connection is closed. @defaultValue 10000 */
  idleMs?: number | undefined;
}

/** The worker's own server: takes commands from managers. */
export interface CommandServer extends AsyncDisposable {
  /** The address that it listens on; undefined while it does not listen. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  /** Resolves when it listens. @throws TunasyncError `SERVER_LISTEN_FAILED`, `SERVER_TLS_INVALID` */
  start(): Promise<void>;
  /**
   * Replaces certificate and key, also for later starts. Whether there is a `clientCa` cannot change.
   *
   * @throws TunasyncError `SERVER_TLS_INVALID`; then the previous ones stay in use
   */
  setTls(tls: ServerTexts): void;
  /** Answers running requests, then closes all connections. */
  stop(): Promise<void>;
}

/** Source: docs/http-api.md. */
const defaultIdleMs = 10_000;

/** Milliseconds that running requests get when the server stops; a command is answered within 4 s. */
const stopMs = 4500;

/** Most connections at a time: old managers leave theirs open until the idle time is over. */
const maxConnections = 10_000;

/** Makes the server of docs/http-api.md, "Worker". `start` and `stop` may be repeated. */
export function createCommandServer(options: CommandServerOptions): CommandServer {
  const { logger, clock = systemClock, host = '', port, idleMs = defaultIdleMs } = options;
  const jobs = options.jobs === undefined ? undefined : jobRoutes({ source: options.jobs, logger, clock });
  const handler = requestHandler([commandRoute(options.target, logger), ...(jobs?.routes ?? [])], logger);
  /** Starts and stops run one after the other. */
  const turns = new SerialQueue();
  let { tls } = options;
  let running: ListeningServer | undefined;

  const start = async (): Promise<void> => {
    if (running !== undefined) return;
    try {
      running = await listen({
        host,
        port,
        tls,
        logger,
        handler,
        errorText: messageText,
        idleMs,
        requestMs: idleMs,
        maxConnections,
        clock,
      });
    } catch (error) {
      throw serverError(error);
    }
  };

  const stop = async (): Promise<void> => {
    const server = running;
    running = undefined;
    await server?.close(stopMs);
  };

  const stopInTurn = (): Promise<void> => {
    jobs?.endStreams();
    return turns.add(stop);
  };

  return {
    get address() {
      return running?.address;
    },
    start: () => turns.add(start),
    setTls(texts) {
      try {
        if (tls !== undefined) running?.setTls(texts);
      } catch (error) {
        throw serverError(error);
      }
      tls = texts;
    },
    stop: stopInTurn,
    [Symbol.asyncDispose]: stopInTurn,
  };
}

function requestHandler(routes: Parameters<typeof dispatcher>[0], logger: Logger): RequestListener {
  const serve = dispatcher(routes, {
    logger,
    // no route of the table has a body schema: commands are read by their own handler
    maxBodyBytes: 0,
    guard: browserGuard,
    errorText: messageText,
    jsonHeaders: { 'cache-control': 'no-store' },
  });
  return (request, response) => {
    if (serve(request, response)) return;
    const [path = ''] = (request.url ?? '').split('?', 1);
    // another method on a known path is not found either, as in the original
    sendJson(response, 404, messageText(`Not found: ${request.method ?? ''} ${path.slice(0, 200)}`));
  };
}

/** The codes of the worker for errors of its server. */
const codes: Partial<Record<HttpErrorCode, string>> = {
  LISTEN_FAILED: 'SERVER_LISTEN_FAILED',
  TLS_INVALID: 'SERVER_TLS_INVALID',
};

function serverError(error: unknown): unknown {
  const code = error instanceof HttpError ? codes[error.code] : undefined;
  if (code === undefined || !(error instanceof HttpError)) return error;
  const message = code === 'SERVER_TLS_INVALID' ? `the worker's server: ${error.message}` : error.message;
  return new TunasyncError(code, message, { cause: error.cause });
}
