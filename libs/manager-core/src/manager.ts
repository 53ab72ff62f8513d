import {
  TlsFilesError,
  watchCertificates,
  type CertificateWatch,
  type ServerTexts,
  type TlsTexts,
} from '@tunasync/certificates';
import type { TlsOptions } from '@tunasync/client';
import type { ManagerConfig } from '@tunasync/config';
import { listen, type ListeningServer } from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import { messageOf, systemClock, type Clock } from '@tunasync/protocol';
import type { CachedStore } from '@tunasync/store';
import { SerialQueue } from '@tunasync/util';
import { createApp, type ManagerApp } from './create-app.js';
import { ManagerError } from './errors/manager-error.js';
import type { ManagerEvents } from './events/manager-events.js';
import { isPublic } from './http/public-routes.js';
import type { HistoryLimits } from './runs/run-service.js';
import type { UiOptions } from './ui/ui-pages.js';
import { managerTlsFiles, type CertificateConfig } from './upkeep/certificates.js';
import { startChores } from './upkeep/chores.js';
import { StatusFile } from './upkeep/status-file.js';
import { openCommandSender, type CommandSender } from './workers/command-sender.js';
import { openWorkerReader, type WorkerReader } from './workers/worker-reader.js';

/** Options of {@link createManager}. */
export interface ManagerOptions {
  /** Only what is read here: where to listen, the status file, and whom to trust. */
  config: {
    server: { addr: string; port: number } & CertificateConfig['server'];
    /** No path: no status file. */
    files?: Partial<Pick<ManagerConfig['files'], 'statusFile' | 'caCertFile'>>;
    history?: HistoryLimits;
  };
  /** Where workers and statuses are kept. It stays the caller's, who closes it after `stop()`. */
  store: CachedStore;
  logger: Logger;
  /** @defaultValue the machine's clock */
  clock?: Clock;
  /** Posts commands to workers. @defaultValue over HTTP and HTTPS */
  sendCommand?: CommandSender;
  /** Serve routes beyond the contract with tunasync v0.10, and `ui`. @defaultValue true */
  extensions?: boolean;
  /** The web frontend, served under `/ui/`. @defaultValue none */
  ui?: UiOptions;
  /** Where browsers see the manager, when a proxy hides that. @defaultValue by the request */
  publicUrl?: string;
  /** Log every request at level DEBUG. @defaultValue false */
  logRequests?: boolean;
  /** Bytes that the body of a request may have, where its route does not allow more. @defaultValue 1 MiB */
  maxBodyBytes?: number;
  /** Milliseconds after which idle connections are closed. @defaultValue 10000 */
  idleTimeoutMs?: number;
  /** Milliseconds that requests under way get when the manager stops. @defaultValue 5000 */
  stopGraceMs?: number;
}

/** A manager: its services, its HTTP API and its server. */
export interface Manager extends AsyncDisposable {
  readonly app: ManagerApp;
  readonly events: ManagerEvents;
  /** Where it listens, such as `http://127.0.0.1:14242`; undefined unless it is started. */
  readonly url: string | undefined;
  /** Listens. Repeated calls change nothing. @throws HttpError `LISTEN_FAILED`, `TLS_INVALID` */
  start(): Promise<void>;
  /**
   * Looks for new certificates in the files now, as it does by itself every half minute; resolves when they are in
   * force. Broken ones change nothing and are warned of.
   */
  checkCertificates(): Promise<void>;
  /** Resolves when no socket, timer or file is left open. Repeated calls change nothing; `start` works again. */
  stop(): Promise<void>;
}

/** Makes a manager; but for reading the frontend's files, nothing happens before `start()`. @throws ManagerError `UI_UNREADABLE` */
export function createManager(options: ManagerOptions): Manager {
  return new ManagerEngine(options);
}

/** What exists only while a manager runs. */
interface Running {
  server: ListeningServer;
  certificates: CertificateWatch;
  close: () => Promise<void>;
}

class ManagerEngine implements Manager {
  readonly app: ManagerApp;
  readonly #options: ManagerOptions;
  readonly #clock: Clock;
  #send: CommandSender;
  #read = notReading;
  #running: Running | undefined;
  /** Starts and stops run one after the other. */
  readonly #queue = new SerialQueue();

  constructor(options: ManagerOptions) {
    const { config, store, logger, clock = systemClock, sendCommand } = options;
    const { maxBodyBytes, logRequests, extensions, ui, publicUrl } = options;
    this.#options = options;
    this.#clock = clock;
    this.#send = sendCommand ?? notStarted;
    this.app = createApp({
      store,
      logger,
      clock,
      history: config.history,
      maxBodyBytes,
      extensions,
      ui,
      publicUrl,
      logRequests,
      sendCommand: (worker, command) => this.#send(worker, command),
      readWorker: (...asked) => this.#read(...asked),
    });
  }

  get events(): ManagerEvents {
    return this.app.events;
  }

  get url(): string | undefined {
    return this.#running?.server.url;
  }

  start(): Promise<void> {
    return this.#queue.add(async () => {
      this.#running ??= await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#queue.add(async () => {
      const running = this.#running;
      this.#running = undefined;
      await running?.close();
    });
  }

  async checkCertificates(): Promise<void> {
    await this.#running?.certificates.check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.app[Symbol.dispose]();
  }

  async #start(): Promise<Running> {
    const { config, logger, idleTimeoutMs, stopGraceMs = 5_000 } = this.#options;
    const { addr, port } = config.server;
    const { statusFile: path = '' } = config.files ?? {};
    await this.app.hidePasswords().catch((error: unknown) => {
      logger.warn(`Passwords in upstreams of older workers are still in the database: ${messageOf(error)}`);
    });
    const certificates = await this.#watchCertificates();
    const { texts } = certificates;
    const sender = this.#options.sendCommand === undefined ? openCommandSender(clientTls(texts)) : undefined;
    const reader = openWorkerReader({ ...clientTls(texts), clock: this.#clock });
    let server: ListeningServer;
    try {
      const { handler } = this.app;
      const tls = serverTls(texts);
      const clock = this.#clock;
      server = await listen({
        host: addr,
        port,
        tls,
        isPublic,
        handler,
        idleMs: idleTimeoutMs,
        clock,
        logger,
      });
    } catch (error) {
      sender?.close();
      reader.close();
      certificates.close();
      throw error;
    }
    certificates.onChange((changed) => {
      const tls = serverTls(changed);
      if (tls !== undefined) server.setTls(tls);
      sender?.setTls(clientTls(changed));
      reader.setTls(clientTls(changed));
    });
    if (sender !== undefined) this.#send = sender.send;
    this.#read = reader.read;
    const file = path === '' ? undefined : this.#keepStatusFile(path);
    const chores = await startChores(this.app, logger);
    logger.notice(`Listening on ${server.url}`);
    return {
      server,
      certificates,
      close: async () => {
        certificates.close();
        this.app.endStreams();
        await server.close(stopGraceMs);
        sender?.close();
        reader.close();
        if (sender !== undefined) this.#send = notStarted;
        this.#read = notReading;
        await chores.stop();
        await file?.close();
        logger.notice('Stopped listening');
      },
    };
  }

  async #watchCertificates(): Promise<CertificateWatch> {
    const { config, logger } = this.#options;
    try {
      return await watchCertificates({ files: managerTlsFiles(config), logger, clock: this.#clock });
    } catch (error) {
      if (error instanceof TlsFilesError)
        throw new ManagerError('TLS_INVALID', error.message, { cause: error });
      throw error;
    }
  }

  #keepStatusFile(path: string): { close: () => Promise<void> } {
    const { logger } = this.#options;
    const file = new StatusFile({ path, content: () => this.app.jobs(), logger, clock: this.#clock });
    const changed = (): void => {
      file.changed();
    };
    const ends = [this.events.on('status', changed), this.events.on('statusRemoved', changed)];
    file.changed();
    return {
      close: () => {
        for (const end of ends) end();
        return file.close();
      },
    };
  }
}

function serverTls({ server, clientCa }: TlsTexts): ServerTexts | undefined {
  return server && { ...server, clientCa };
}

function clientTls({ ca, client }: TlsTexts): TlsOptions {
  return { caCert: ca, clientCert: client };
}

const notStarted: CommandSender = () =>
  Promise.reject(new ManagerError('COMMAND_UNDELIVERED', 'the manager is not started'));

const notReading: WorkerReader = () =>
  Promise.reject(new ManagerError('WORKER_UNREACHABLE', 'the manager is not started'));
