import { z } from 'zod';
import {
  heartbeatSchema,
  historyQuerySchema,
  progressReportSchema,
  runRecordSchema,
  heartbeatReplySchema,
} from '../schemas/runs.js';
import {
  clientCmdSchema,
  emptySchema,
  messageSchema,
  mirrorSchedulesSchema,
  mirrorStatusSchema,
  sizeReportSchema,
  webMirrorStatusSchema,
  workerCmdSchema,
  workerReplySchema,
  workerStatusSchema,
} from '../schemas/status.js';
import { route } from './route.js';

export type { Route } from './route.js';

/** All routes of a manager of tunasync v0.10, by name. */
export const managerRoutes = {
  ping: route({
    method: 'GET',
    path: '/ping',
    reply: messageSchema,
    summary: 'Check that the manager answers',
  }),
  listJobs: route({
    method: 'GET',
    path: '/jobs',
    reply: z.array(webMirrorStatusSchema),
    summary: 'Status of all mirrors of all workers, as status pages read it',
  }),
  flushDisabledJobs: route({
    method: 'DELETE',
    path: '/jobs/disabled',
    reply: messageSchema,
    summary: 'Delete the statuses of disabled mirrors',
  }),
  listWorkers: route({
    method: 'GET',
    path: '/workers',
    reply: z.array(workerStatusSchema),
    summary: 'All workers; tokens are not shown',
  }),
  registerWorker: route({
    method: 'POST',
    path: '/workers',
    body: workerStatusSchema,
    reply: workerStatusSchema,
    summary: 'Register a worker',
  }),
  deleteWorker: route({
    method: 'DELETE',
    path: '/workers/:id',
    reply: messageSchema,
    summary: 'Remove a worker and the statuses of its mirrors',
  }),
  listWorkerJobs: route({
    method: 'GET',
    path: '/workers/:id/jobs',
    reply: z.array(mirrorStatusSchema),
    summary: 'Status of all mirrors of one worker',
  }),
  reportStatus: route({
    method: 'POST',
    path: '/workers/:id/jobs/:job',
    body: mirrorStatusSchema,
    reply: mirrorStatusSchema,
    summary: 'Report the status of a mirror (the name in the body counts)',
  }),
  reportSize: route({
    method: 'POST',
    path: '/workers/:id/jobs/:job/size',
    body: sizeReportSchema,
    reply: mirrorStatusSchema,
    summary: 'Set the size of a mirror',
  }),
  reportSchedules: route({
    method: 'POST',
    path: '/workers/:id/schedules',
    body: mirrorSchedulesSchema,
    // 10,000 mirrors with the longest names are 3 MB
    maxBodyBytes: 8 * 2 ** 20,
    reply: emptySchema,
    summary: 'Report the due times of the mirrors of a worker',
  }),
  sendCommand: route({
    method: 'POST',
    path: '/cmd',
    body: clientCmdSchema,
    reply: messageSchema,
    summary: 'Pass a command on to a worker',
  }),
} as const;

/** Routes of managers beyond v0.10, by name. Older managers answer 404. */
export const managerExtensionRoutes = {
  heartbeat: route({
    method: 'POST',
    path: '/workers/:id/heartbeat',
    body: heartbeatSchema,
    // 10,000 waiting mirrors, each with its reason
    maxBodyBytes: 8 * 2 ** 20,
    reply: emptySchema,
    summary: 'Report that a worker is alive, with facts about it',
  }),
  lastHeartbeat: route({
    method: 'GET',
    path: '/workers/:id/heartbeat',
    reply: heartbeatReplySchema,
    summary: 'The last heartbeat of a worker and its time of arrival; 404 without one',
  }),
  listProgress: route({
    method: 'GET',
    path: '/workers/:id/progress',
    reply: progressReportSchema,
    summary: 'Progress of the running syncs of a worker',
  }),
  reportProgress: route({
    method: 'POST',
    path: '/workers/:id/progress',
    body: progressReportSchema,
    reply: emptySchema,
    summary: 'Report the progress of the running syncs of a worker',
  }),
  reportRun: route({
    method: 'POST',
    path: '/workers/:id/runs',
    body: runRecordSchema,
    reply: emptySchema,
    summary: 'Report a finished run; a second report with the same id changes nothing',
  }),
  listJobsByName: route({
    method: 'GET',
    path: '/jobs/:name',
    reply: z.array(mirrorStatusSchema),
    summary: 'Status of a mirror at all workers that have it',
  }),
  jobHistory: route({
    method: 'GET',
    path: '/jobs/:name/history',
    query: historyQuerySchema,
    reply: z.array(runRecordSchema),
    summary: 'Finished runs of a mirror, newest first; ?limit=N&worker=',
  }),
} as const;

/** All routes of a worker of tunasync v0.10, by name. */
export const workerRoutes = {
  command: route({
    method: 'POST',
    path: '/',
    body: workerCmdSchema,
    reply: workerReplySchema,
    summary: 'Carry out a command',
  }),
} as const;

/** Name of a route of the manager. */
export type ManagerRouteName = keyof typeof managerRoutes;
/** Name of a route of managers beyond v0.10. */
export type ManagerExtensionRouteName = keyof typeof managerExtensionRoutes;
