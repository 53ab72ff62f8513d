import type { managerRoutes, ManagerRouteName } from '@tunasync/protocol';

/** Method and path of a route, without its schemas. */
interface RoutePath<Name extends ManagerRouteName> {
  method: (typeof managerRoutes)[Name]['method'];
  path: (typeof managerRoutes)[Name]['path'];
}

/**
 * The route table without its schemas: those load zod, which costs a command line half of its start time.
 * The compiler checks each path against the table of the protocol.
 */
export const managerPaths: { readonly [Name in ManagerRouteName]: RoutePath<Name> } = {
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
};

/** Routes that answer a list; old managers answer `null` when it is empty. */
export const listRoutes: ReadonlySet<ManagerRouteName> = new Set([
  'listJobs',
  'listWorkers',
  'listWorkerJobs',
]);
