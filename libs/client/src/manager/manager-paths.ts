import type { ManagerExtensionRouteName, ManagerRouteName } from '@tunasync/protocol';
import type { AllManagerRoutes, AnyManagerRouteName, OfferedApiRoutes } from './manager-reply.js';

/** Method and path of a route, without its schemas. */
interface RoutePath<Name extends AnyManagerRouteName> {
  method: AllManagerRoutes[Name]['method'];
  path: AllManagerRoutes[Name]['path'];
}

/**
 * The route table without its schemas. The schemas load zod, which takes half of the start time of a command line.
 * The compiler checks each path against the table of the protocol.
 */
export const managerPaths: { readonly [Name in AnyManagerRouteName]: RoutePath<Name> } = {
  ping: { method: 'GET', path: '/ping' },
  listJobs: { method: 'GET', path: '/jobs' },
  flushDisabledJobs: { method: 'DELETE', path: '/jobs/disabled' },
  listWorkers: { method: 'GET', path: '/workers' },
  registerWorker: { method: 'POST', path: '/workers' },
  deleteWorker: { method: 'DELETE', path: '/workers/:id' },
  listWorkerJobs: { method: 'GET', path: '/workers/:id/jobs' },
  reportStatus: { method: 'POST', path: '/workers/:id/jobs/:job' },
  reportSize: { method: 'POST', path: '/workers/:id/jobs/:job/size' },
  reportSchedules: { method: 'POST', path: '/workers/:id/schedules' },
  sendCommand: { method: 'POST', path: '/cmd' },
  heartbeat: { method: 'POST', path: '/workers/:id/heartbeat' },
  lastHeartbeat: { method: 'GET', path: '/workers/:id/heartbeat' },
  listProgress: { method: 'GET', path: '/workers/:id/progress' },
  reportProgress: { method: 'POST', path: '/workers/:id/progress' },
  reportRun: { method: 'POST', path: '/workers/:id/runs' },
  listJobsByName: { method: 'GET', path: '/jobs/:name' },
  jobHistory: { method: 'GET', path: '/jobs/:name/history' },
  findJobs: { method: 'GET', path: '/api/jobs' },
  getJob: { method: 'GET', path: '/api/jobs/:worker/:name' },
  findWorkers: { method: 'GET', path: '/api/workers' },
  sendCommands: { method: 'POST', path: '/api/commands' },
  streamEvents: { method: 'GET', path: '/api/events' },
  listLogs: { method: 'GET', path: '/jobs/:name/logs' },
  readLog: { method: 'GET', path: '/jobs/:name/logs/:log' },
  searchLog: { method: 'GET', path: '/jobs/:name/logs/:log/search' },
  streamLog: { method: 'GET', path: '/jobs/:name/log/stream' },
};

/** Routes that answer a list. Old managers answer `null` for an empty list. */
export const listRoutes: ReadonlySet<AnyManagerRouteName> = new Set<ManagerRouteName>([
  'listJobs',
  'listWorkers',
  'listWorkerJobs',
]);

/** Extensions: routes that v0.10 does not have. */
export const extensionRoutes: ReadonlySet<AnyManagerRouteName> = new Set<ManagerExtensionRouteName>([
  'heartbeat',
  'lastHeartbeat',
  'listProgress',
  'reportProgress',
  'reportRun',
  'listJobsByName',
  'jobHistory',
]);

/** Names of {@link OfferedApiRoutes}. A missing route is reported as `CLIENT_NOT_OFFERED`. */
export const apiRoutes: ReadonlySet<AnyManagerRouteName> = new Set<keyof OfferedApiRoutes>([
  'findJobs',
  'getJob',
  'findWorkers',
  'sendCommands',
  'streamEvents',
  'listLogs',
  'readLog',
  'searchLog',
  'streamLog',
]);
