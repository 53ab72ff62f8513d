import type { IncomingMessage, ServerResponse } from 'node:http';
import { dispatcher, mountRoutes, requestLog } from '@tunasync/http';
import type { Logger } from '@tunasync/logger';
import {
  managerApiRoutes,
  managerExtensionRoutes,
  managerRoutes,
  messageOf,
  systemClock,
  type Clock,
} from '@tunasync/protocol';
import { Emitter } from '@tunasync/util';
import type { Express } from 'express';
import { BulkCommands } from './commands/bulk-commands.js';
import { CommandService } from './commands/command-service.js';
import type { ManagerEvents } from './events/manager-events.js';
import type { ServiceEvents } from './events/service-events.js';
import { expressApp } from './http/express-app.js';
import { serving } from './http/serving.js';
import { JobQueries } from './jobs/job-queries.js';
import { StatusJson } from './jobs/status-json.js';
import { ReadModels } from './read-models/read-models.js';
import { LiveReports } from './reports/live-reports.js';
import { StatusService } from './reports/status-service.js';
import { apiHandlers } from './routes/api-routes.js';
import { contractHandlers } from './routes/contract-routes.js';
import { extensionHandlers } from './routes/extension-routes.js';
import { RunService, type HistoryLimits } from './runs/run-service.js';
import type { StatusCache } from './store/status-cache.js';
import { uiPages, type UiOptions } from './ui/ui-pages.js';
import type { CommandSender } from './workers/command-sender.js';
import { HeartbeatRegistry } from './workers/heartbeat-registry.js';
import { ProgressBoard } from './workers/progress-board.js';
import { WorkerProxy } from './workers/worker-proxy.js';
import { openWorkerReader, type WorkerReader } from './workers/worker-reader.js';
import { WorkerService } from './workers/worker-service.js';

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Where workers and statuses are kept. It stays the caller's: nothing here closes it. */
  store: StatusCache;
  /** Posts commands to workers; {@link openCommandSender} makes one. */
  sendCommand: CommandSender;
  /** Asks workers for logs. @defaultValue over HTTP, and HTTPS with the system's authorities */
  readWorker?: WorkerReader | undefined;
  logger: Logger;
  /** @defaultValue the machine's clock */
  clock?: Clock | undefined;
  /** Bytes that the body of a request may have, where its route does not allow more. @defaultValue 1 MiB */
  maxBodyBytes?: number | undefined;
  /** Finished runs that are kept. */
  history?: HistoryLimits | undefined;
  /** Serve routes beyond the contract with tunasync v0.10, and `ui`. @defaultValue true */
  extensions?: boolean | undefined;
  /** The web frontend, served under `/ui/`. @defaultValue none */
  ui?: UiOptions | undefined;
  /** Where browsers see the manager when a proxy hides that; an `Origin` from which they may change something. @defaultValue by the request */
  publicUrl?: string | undefined;
  /** Log every request that comes through `handler` at level DEBUG. @defaultValue false */
  logRequests?: boolean | undefined;
}

/** The manager's HTTP API, without a server. */
export interface ManagerApp extends Disposable {
  /** The API as an Express app, to mount in another one. */
  readonly express: Express;
  /** The API as a listener of `node:http`: the contract's routes without Express, everything else through it. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly events: ManagerEvents;
  /** What workers told of themselves. */
  readonly heartbeats: Pick<HeartbeatRegistry, 'get' | 'skew'>;
  /** How far running syncs are. */
  readonly progress: Pick<ProgressBoard, 'get' | 'ofWorker'>;
  /** Deletes the finished runs that are too many or too old; resolves to how many those were. */
  pruneHistory(): Promise<number>;
  /** Stores when workers were last heard of, which heartbeats alone do not. */
  keepLastOnline(): Promise<void>;
  /** Takes passwords out of the upstreams that an older manager, or the one whose data were imported, stored. */
  hidePasswords(): Promise<void>;
  /** Ends the streams that are under way: their readers are told. */
  endStreams(): void;
  /** The body of `GET /jobs`. */
  jobs(): Buffer;
  /** Ends listening to the store. */
  [Symbol.dispose](): void;
}

/** Makes the manager's HTTP API over a store. @throws ManagerError `UI_UNREADABLE` */
export function createApp(options: AppOptions): ManagerApp {
  const { store, logger, clock = systemClock, sendCommand, maxBodyBytes = 2 ** 20 } = options;
  const { extensions = true, ui, publicUrl } = options;
  const pages = extensions && ui !== undefined ? uiPages({ ...ui, publicUrl }) : undefined;
  const reader =
    options.readWorker === undefined ? openWorkerReader({ clock }) : { read: options.readWorker };
  const serviceEvents: ServiceEvents = new Emitter((name, error) => {
    logger.error(`The read models could not follow '${name}': ${messageOf(error)}`);
  });
  const heartbeats = new HeartbeatRegistry(clock);
  const progress = new ProgressBoard(store, clock);
  const workers = new WorkerService(store, heartbeats, clock, serviceEvents);
  const statuses = new StatusService(store, workers, heartbeats, clock);
  const live = new LiveReports({ workers, heartbeats, progress, events: serviceEvents });
  const runs = new RunService({ store, workers, clock, limits: options.history, events: serviceEvents });
  const commands = new CommandService({ store, heartbeats, clock, send: sendCommand, logger });
  const proxy = new WorkerProxy({ store, read: reader.read });
  const models = new ReadModels({
    store,
    serviceEvents,
    workers,
    heartbeats,
    progress,
    readWorker: reader.read,
    clock,
    logger,
  });
  const { jobs: index, views, plans, feed, jobsBody, encoders, events } = models;
  const queries = new JobQueries({ workers, index, views, runs: models.runs, plans });
  const json = new StatusJson({ encoders, index: extensions ? index : undefined, clock });

  const contract = contractHandlers({ workers, statuses, commands, jobsBody, json });
  const beyond = extensionHandlers({ live, runs, statuses, json });
  const api = apiHandlers({ queries, commands: new BulkCommands(store, commands), feed, proxy });
  const routes = [
    ...mountRoutes(managerRoutes, contract),
    ...(extensions ? mountRoutes(managerExtensionRoutes, beyond) : []),
    ...(extensions ? mountRoutes(managerApiRoutes, api) : []),
  ];
  const rules = serving({ logger, maxBodyBytes, publicUrl });
  const app = expressApp(routes, rules, pages);
  const front = dispatcher(routes, rules);
  const onRequest = options.logRequests === true ? requestLog(logger) : undefined;
  return {
    express: app,
    handler: (request, response) => {
      onRequest?.(request, response);
      if (!front(request, response)) app(request, response);
    },
    events,
    heartbeats,
    progress,
    pruneHistory: () => runs.prune(),
    keepLastOnline: () => workers.keepLastOnline(),
    hidePasswords: () => statuses.hidePasswords(),
    endStreams: () => {
      proxy.end();
      feed.end();
    },
    jobs: () => jobsBody.get().bytes,
    [Symbol.dispose]: () => {
      models[Symbol.dispose]();
      if ('close' in reader) reader.close();
    },
  };
}
